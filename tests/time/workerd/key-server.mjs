/** A test server on loopback under many addresses, so that each is cold once, whose answers take a while. */
import { createServer } from "node:http";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

import { createTestHanko } from "hanko-edge/testing";

/**
 * `delayMs` for each answer. `/<address>/...` is the test server's `/...`; `fetches` counts key documents by address, `asks`
 * those about a session.
 */
export async function startKeyServer(delayMs) {
  const hanko = await createTestHanko();
  const [fetches, asks] = [new Map(), new Map()];
  const server = createServer(async (request, response) => {
    const [, address, path] = /^\/([^/]+)(\/.*)$/.exec(request.url);
    const counts = path.startsWith("/.well-known") ? fetches : asks;
    counts.set(address, (counts.get(address) ?? 0) + 1);
    const chunks = await request.toArray().catch(() => []);
    await delay(delayMs);
    const { method, headers } = request;
    const body = method === "POST" ? Buffer.concat(chunks) : undefined;
    const type = headers["content-type"];
    const answer = await hanko.fetch(hanko.apiUrl + path, {
      method,
      body,
      headers: type ? { "content-type": type } : {},
    });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => (server.closeAllConnections(), server.close());
  return { hanko, fetches, asks, url: `http://127.0.0.1:${server.address().port}`, stop };
}
