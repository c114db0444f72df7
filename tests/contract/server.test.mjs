/** The contract suite against the test server, as 2.7 and as 3.0, over HTTP. */
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { register } from "./support/register.mjs";
import { serveTestHanko } from "./support/serve.mjs";
import { Subject } from "./support/subject.mjs";

const IDLE_TIMEOUT = 8;

/** Time passes for the package and for the server at once, and takes none. */
let passed = 0;
const realNow = Date.now;
Date.now = () => realNow() + passed;
const wait = async (seconds) => void (passed += seconds * 1000);

/** The test server signs nobody in by a flow: it is told who is. */
const missing = { login: "the test server has no login flow" };

for (const version of ["2.7", "3.0"]) {
  const plain = await start({ version });
  const idle = await start({ version, idleTimeout: IDLE_TIMEOUT });
  const needs = (name) => (row) => row.needs === name;
  const counts = [
    register(`test server ${version}`, plain, {
      chosen: (row) => !needs("idle")(row) && !needs("login")(row),
      missing,
    }),
    register(`test server ${version}, idle time ${IDLE_TIMEOUT} s`, idle, { chosen: needs("idle"), missing }),
  ];
  const run = counts[0].run + counts[1].run;
  test(`test server ${version}: ${run} rows run, and none is skipped`, () => {
    assert.deepEqual(
      counts.map(({ skipped }) => skipped),
      [0, 0],
    );
    assert.ok(run >= 120, `only ${run}`);
  });
}

async function start({ version, idleTimeout }) {
  const options = idleTimeout === undefined ? { version, keyBits: 4096 } : { version, idleTimeout };
  const { hanko, close } = await serveTestHanko(options);
  after(close);
  const { apiUrl } = hanko;
  const origin = "http://localhost:8888";
  return new Subject({ apiUrl, adminUrl: `${apiUrl}/admin`, version, idleTimeout, origin, wait, test: hanko });
}
