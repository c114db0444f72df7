// What many tokens leave behind, in a process of its own: `node --expose-gc process.mjs <tokens>` prints JSON.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";

import { createHanko, decodeToken } from "hanko-edge";
import { createTestHanko } from "hanko-edge/testing";

import { watchMemories } from "../../memories.mjs";

const WARM = 40_000;
const BATCH = 2_000;
const AT_ONCE = 20;
const SAMPLES = 10;

const memories = watchMemories();
const total = Number(process.argv[2]);
const maker = new Worker(new URL("tokens.mjs", import.meta.url), { workerData: { claims: await claimsOfHanko() } });
const [{ jwks }] = await once(maker, "message");
const hanko = createHanko({ apiUrl: "https://memory.hanko.test", mode: "hybrid", fetch: answer });

const counts = { asked: 0, signedIn: 0, others: 0 };
await ask(WARM);
const warm = await measure();
const samples = [];
while (samples.length < SAMPLES) {
  await ask(total / SAMPLES);
  samples.push({ tokens: counts.asked - WARM, ...(await measure()) });
}
if (counts.signedIn !== counts.asked / 2) throw new Error(`not every second one is good: ${JSON.stringify(counts)}`);
console.log(JSON.stringify({ warm, samples }));
await maker.terminate();

async function claimsOfHanko() {
  const server = await createTestHanko();
  const emails = [{ id: crypto.randomUUID(), address: "ada@example.com", is_verified: true, is_primary: true }];
  const { user_id } = await server.createUser({ username: "ada", email: "ada@example.com", emails });
  const { token } = await server.createSession(user_id);
  return decodeToken(token).payload;
}

/** The next tokens are made while these are checked. */
async function ask(count) {
  maker.postMessage(Math.min(BATCH, count));
  for (let left = count; left > 0; left -= BATCH) {
    const [{ tokens }] = await once(maker, "message");
    if (left > BATCH) maker.postMessage(Math.min(BATCH, left - BATCH));
    for (let at = 0; at < tokens.length; at += AT_ONCE) {
      const results = await Promise.all(tokens.slice(at, at + AT_ONCE).map((token) => hanko.authenticate(token)));
      for (const { status } of results) counts[status === "signed-in" ? "signedIn" : "others"] += 1;
    }
    counts.asked += tokens.length;
  }
}

/** A Hanko that says yes to whatever it is asked. */
async function answer(request) {
  if (new URL(request.url).pathname === "/.well-known/jwks.json") return new Response(jwks);
  const { session_token: token } = await request.json();
  const { claims } = decodeToken(token);
  return Response.json({
    is_valid: true,
    claims,
    expiration_time: claims.expiration,
    user_id: claims.subject,
  });
}

/** After what finalizers and timers of earlier calls still held is gone. */
async function measure() {
  if (memories.length !== 1) throw new Error(`${memories.length} instances of the core`);
  for (let pass = 0; pass < 3; pass++) {
    globalThis.gc();
    await sleep(100);
  }
  const { heapUsed, external } = process.memoryUsage();
  return { wasm: memories[0].buffer.byteLength, heap: heapUsed, external };
}
