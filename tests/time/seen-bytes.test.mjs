/** What stands beside a token in its header is not kept: one session with ever new cookies fills no memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { clientOf, serverWithSession } from "./support/hanko.mjs";

const REQUESTS = 1000;
const BESIDE = 60_000;
const MOST_BYTES = 8 * 2 ** 20;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

function used() {
  collect();
  return process.memoryUsage().heapUsed;
}

test(`${REQUESTS} requests of one session, each with ${BESIDE} new characters of cookies: at most 8 MiB`, async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server);
  const look = async (at) => {
    const cookie = Buffer.from(`hanko=${token}; other-${at}=${"x".repeat(BESIDE)}`).toString("latin1");
    assert.equal((await hanko.authenticate(new Headers({ cookie }))).status, "signed-in");
  };
  for (let at = 0; at < 50; at++) await look(at);
  const before = used();
  for (let at = 50; at < 50 + REQUESTS; at++) await look(at);
  const grown = used() - before;
  assert.ok(grown < MOST_BYTES, `${grown} bytes`);
});
