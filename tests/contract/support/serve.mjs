/** The test server over HTTP on loopback, so that it is asked as a real one is. */
import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

import { createTestHanko } from "hanko-edge/testing";

/** @returns the test server, and `close` */
export async function serveTestHanko(options) {
  let hanko;
  const server = createServer((request, response) => {
    answer(hanko, request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  hanko = await createTestHanko({ apiUrl: `http://127.0.0.1:${server.address().port}`, ...options });
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { hanko, close };
}

async function answer(hanko, request, response) {
  const { method, headers, url } = request;
  const body = await buffer(request);
  const init = { method, headers: Object.entries(headers), ...(body.length > 0 && { body }) };
  const told = await hanko.fetch(hanko.apiUrl + url, init);
  const bytes = Buffer.from(await told.arrayBuffer());
  for (const [name, value] of told.headers) if (name !== "set-cookie") response.setHeader(name, value);
  const cookies = told.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  response.writeHead(told.status).end(bytes);
}
