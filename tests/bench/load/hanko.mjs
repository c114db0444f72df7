// A Hanko in a process of its own. It sends its address and session cookies. `canned`: validate costs it nothing; `distant`: but 20 ms.
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { text } from "node:stream/consumers";

import { createTestHanko } from "hanko-edge/testing";

const SESSIONS = 200;
const DISTANCE = 20;

const [kind] = process.argv.slice(2);
const server = createServer(answer);
await once(server.listen(0, "127.0.0.1"), "listening");
const apiUrl = `http://127.0.0.1:${server.address().port}`;
const hanko = await createTestHanko({ apiUrl, keyBits: 4096, lifespan: 86400 });
const canned = new Map();
const cookies = [];
for (let session = 0; session < SESSIONS; session++) cookies.push(await createCookie());
process.once("disconnect", () => process.exit());
process.send({ apiUrl, cookies });

async function createCookie() {
  const { user_id } = await hanko.createUser({});
  const { token, cookie } = await hanko.createSession(user_id);
  const body = JSON.stringify({ session_token: token });
  const headers = { "content-type": "application/json" };
  const response = await hanko.fetch(`${apiUrl}/sessions/validate`, { method: "POST", headers, body });
  canned.set(token, await response.text());
  return cookie;
}

async function answer(request, response) {
  const body = await text(request);
  const known =
    kind !== "verifying" && request.url === "/sessions/validate" && canned.get(JSON.parse(body).session_token);
  if (kind === "distant") await sleep(DISTANCE);
  if (known) return response.setHeader("content-type", "application/json").end(known);
  const { method, url, headers } = request;
  const answered = await hanko.fetch(`${apiUrl}${url}`, { method, headers, ...(method !== "GET" && { body }) });
  hanko.requests.length = 0;
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  response.end(await answered.text());
}
