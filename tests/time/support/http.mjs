/** A real server on loopback, for what no test server can show: refused connections, silence, redirects. */
import { createServer } from "node:http";
import { once } from "node:events";

import { nothingLeft, resources } from "./faults.mjs";

/** Runs `work` with a server; when it has gone, no socket of either end is left. */
export async function withServer(answer, work) {
  const before = resources();
  await whileServing(answer, work);
  await nothingLeft(before);
}

/** Runs `work` with a server at `url`; `seen` are the paths that it was asked for. */
export async function whileServing(answer, work) {
  const server = await listen(answer);
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

async function listen(answer) {
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(request.url);
    response.setHeader("connection", "close");
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${server.address().port}`, seen, close };
}

/** An address of loopback where nobody listens. */
export function closedPort() {
  return whileServing(
    () => {},
    ({ url }) => url,
  );
}
