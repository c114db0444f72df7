/** What stands beside a token in its header is not kept, or not for long: one session with ever new cookies fills no memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { clientOf, serverWithSession } from "./support/hanko.mjs";

const REQUESTS = 1000;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

function used() {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Each so many characters beside the token, what may be remembered, and bytes that may be held after all requests. */
const ROWS = [
  [60_000, 1000, 8 * 2 ** 20],
  [4000, 10, 2 ** 20],
];

for (const [beside, cacheSize, most] of ROWS) {
  test(`${REQUESTS} requests of one session, each with ${beside} new characters of cookies, cacheSize ${cacheSize}: at most ${most} bytes`, async () => {
    const { server, token } = await serverWithSession();
    const hanko = clientOf(server, { cacheSize });
    const look = async (at) => {
      const cookie = Buffer.from(`hanko=${token}; other-${at}=${"x".repeat(beside)}`).toString("latin1");
      assert.equal((await hanko.authenticate(new Headers({ cookie }))).status, "signed-in");
    };
    for (let at = 0; at < 50; at++) await look(at);
    const before = used();
    for (let at = 50; at < 50 + REQUESTS; at++) await look(at);
    const grown = used() - before;
    assert.ok(grown < most, `${grown} bytes`);
  });
}
