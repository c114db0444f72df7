/** Test servers over real HTTP on loopback: `/<address>/...` is the `/...` of the server at that address. */
import { createServer } from "node:http";
import { once } from "node:events";

const OF_THE_CONNECTION = ["host", "connection", "content-length", "transfer-encoding"];

/**
 * @param serverOf the test server of an address
 * @param onRequest told of each request's address and path
 */
export async function startFront(serverOf, onRequest = () => {}) {
  const front = createServer((request, response) => {
    const [, address, path] = /^\/([^/]+)(\/.*)$/.exec(request.url);
    onRequest(address, path);
    response.setHeader("connection", "close");
    pass(serverOf(address), path, request, response).catch(() => request.socket.destroy());
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  const stop = () => (front.closeAllConnections(), front.close());
  return { url: `http://127.0.0.1:${front.address().port}`, stop };
}

/** Rejects where the test server does, which cuts the connection. */
async function pass(server, path, request, response) {
  const { method } = request;
  const headers = Object.entries(request.headers).filter(([name]) => !OF_THE_CONNECTION.includes(name));
  const body = Buffer.concat(await request.toArray());
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const answer = await server.fetch(server.apiUrl + path, {
    method,
    headers,
    signal: gone.signal,
    ...(method === "POST" && { body }),
  });
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}
