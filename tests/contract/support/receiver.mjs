/** A receiver of webhooks on loopback, made known to the server by its Admin API. */
import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

/** Hanko delivers at once; more than this is a delivery that does not come. */
const PATIENCE_MS = 5000;

/** Runs `work` with a receiver of these events. */
export async function withReceiver(hanko, events, work) {
  const deliveries = [];
  const server = createServer(async (request, response) => {
    const { method, headers } = request;
    deliveries.push({ method, headers, body: (await buffer(request)).toString() });
    response.writeHead(200).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const callback = `http://127.0.0.1:${server.address().port}/hook`;
  try {
    const { status, json } = await hanko.admin("POST", "/webhooks", { json: { callback, events } });
    if (status !== 201) throw new Error(`POST /webhooks answered ${status}`);
    await work((isMeant) => delivery(deliveries, isMeant), deliveries);
    await hanko.admin("DELETE", `/webhooks/${json.id}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** The first delivery that is meant, waited for. */
async function delivery(deliveries, isMeant) {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const found = deliveries.find(({ body }) => isMeant(JSON.parse(body)));
    if (found) return { ...found, ...JSON.parse(found.body) };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not delivered within ${PATIENCE_MS} ms; ${deliveries.length} others were`);
}
