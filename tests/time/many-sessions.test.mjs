/** Many sessions of one Hanko, asked about at once: what each of them costs does not grow with their number. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { clientOf, serverWithSession } from "./support/hanko.mjs";

const [FEW, MANY] = [50, 400];

/** How often the clock is read for each of so many sessions, while Hanko takes half a second. */
async function clockReads(sessions) {
  const { server, userId } = await serverWithSession();
  const hanko = clientOf(server, { mode: "hybrid", timeout: 30_000 });
  const tokens = await Promise.all(Array.from({ length: sessions }, () => server.createSession(userId)));
  for (const { token } of tokens) await hanko.authenticate(token, { mode: "local" });
  server.break({ delayMs: 500 }, "/sessions");
  const { now } = performance;
  let reads = 0;
  performance.now = () => ((reads += 1), now.call(performance));
  try {
    const auths = await Promise.all(tokens.map(({ token }) => hanko.authenticate(token)));
    assert.ok(auths.every(({ status }) => status === "signed-in"));
  } finally {
    performance.now = now;
  }
  return reads / sessions;
}

test("the clock is read no more often for each of many than for each of a few", async () => {
  const [few, many] = [await clockReads(FEW), await clockReads(MANY)];
  assert.ok(many < 3 * few, `${few} times for each of a few, ${many} times for each of many`);
});
