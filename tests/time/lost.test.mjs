/** A call that outlives every deadline, in a host that stood still, still settles; and one that begins then is answered. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { brief, clientOf, serverWithSession, unavailable } from "./support/hanko.mjs";

test("a call that was passed over while the host stood still is a timeout", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server, { mode: "remote" });
  await hanko.authenticate(token);
  server.break({ delayMs: 100 }, "/sessions");
  const now = performance.now.bind(performance);
  try {
    const passedOver = hanko.authenticate(token);
    await new Promise((resolve) => setTimeout(resolve, 20));
    performance.now = () => now() + 60_000;
    const next = hanko.authenticate(token);
    assert.deepEqual(brief(await passedOver), unavailable("request_timeout"));
    assert.equal((await next).status, "signed-in");
  } finally {
    performance.now = now;
  }
});
