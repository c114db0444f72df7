/**
 * A trap hurts at most the call that trapped. Runs target/pkg-trap, the package with one more export: `trap_next_poll`.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const dist = new URL("../../target/pkg-trap/dist/", import.meta.url);
const { createHanko, decodeToken } = await import(new URL("index.js", dist));
const { instance } = await import(new URL("core.js", dist));

const vectors = JSON.parse(
  readFileSync(new URL("../vectors/attack-tokens/attack_tokens.json", import.meta.url), "utf8"),
);
const controls = vectors.cases.filter(({ cat, jwks }) => cat === "control" && !jwks);
const kinds = ["panic", "memory", "stack"];

const realNow = Date.now;
Date.now = () => vectors.now * 1000;
test.after(() => (Date.now = realNow));

const unexpected = [];
for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, (error) => unexpected.push(error));

const running = () => instance(() => assert.fail("the module is kept"));
const arm = (kind) => running().glue.trap_next_poll(kind);
const answer = async () => new Response(JSON.stringify(vectors.jwks));
const client = (fetch = answer) =>
  createHanko({ apiUrl: "https://trap.hanko.test", mode: "local", cacheSize: 0, fetch });

for (const kind of kinds) {
  test(`${kind}: the call that trapped is internal_error, the next one is right`, async () => {
    const hanko = client();
    assert.equal((await hanko.authenticate(controls[0].token)).status, "signed-in");
    const before = running();
    arm(kind);
    const { status, code } = await hanko.authenticate(controls[0].token);
    assert.deepEqual({ status, code }, { status: "unavailable", code: "internal_error" });
    assert.equal((await hanko.authenticate(controls[0].token)).status, "signed-in");
    assert.notEqual(running(), before, "the instance has been replaced");
    assert.equal(decodeToken(controls[0].token).header.alg, "RS256");
  });
}

test("calls that were under way when another one trapped are right all the same", async () => {
  const slow = async () => (await new Promise((resolve) => setTimeout(resolve, 30)), answer());
  const hanko = client(slow);
  assert.equal((await hanko.authenticate(controls[0].token)).status, "signed-in");
  arm("panic");
  await hanko.authenticate(controls[0].token);
  const calls = controls.map(({ token }) => hanko.authenticate(token));
  await new Promise((resolve) => setTimeout(resolve, 10));
  arm("panic");
  const blamed = await hanko.authenticate(controls[0].token);
  assert.equal(blamed.code, "internal_error");
  const results = await Promise.all(calls);
  assert.equal(results.length, controls.length);
  assert.deepEqual([...new Set(results.map(({ status }) => status))], ["signed-in"]);
});

test("200 traps among concurrent calls: every other call is right, and nothing goes uncaught", async () => {
  const hanko = client();
  let blamed = 0;
  for (let round = 0; round < 200; round++) {
    if (round % 2 === 0) await hanko.authenticate(controls[0].token);
    arm(kinds[round % 20 === 0 ? 1 : (round % 2) * 2]);
    const results = await Promise.all(controls.slice(0, 10).map(({ token }) => hanko.authenticate(token)));
    const trapped = results.filter(({ status }) => status !== "signed-in");
    assert.ok(trapped.length <= 1, `round ${round}: ${trapped.map(({ code }) => code)}`);
    assert.ok(trapped.every(({ code }) => code === "internal_error"));
    blamed += trapped.length;
  }
  assert.equal(blamed, 200);
  assert.deepEqual(unexpected, []);
});

test("a callback of a dead instance calls nobody", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const fetches = [];
  const hanko = client((request) => (fetches.push(request), fetches.length === 1 ? held : answer()));
  arm("panic");
  await hanko.authenticate(controls[0].token);
  const waiting = hanko.authenticate(controls[0].token);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(fetches.length, 1);
  arm("panic");
  assert.equal((await hanko.authenticate(controls[1].token)).code, "internal_error");
  assert.equal((await waiting).status, "signed-in");
  release(answer());
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal((await hanko.authenticate(controls[0].token)).status, "signed-in");
  assert.deepEqual(unexpected, []);
});
