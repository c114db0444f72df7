import { once } from "node:events";
import { createServer } from "node:http";

/**
 * Serves one page and its one script on loopback.
 *
 * @param {string} script
 * @param {string} body HTML before the script
 */
export async function servePage(script, body = "") {
  const html = `<!doctype html><meta charset="utf-8"><title>hanko-edge</title>${body}<script type="module" src="/page.js"></script>`;
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : html);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${server.address().port}/`;
  const close = () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections()));
  return { url, close };
}
