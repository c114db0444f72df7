/**
 * A trap hurts at most the call that trapped. Runs target/pkg-trap, the package with one more export: `trap_next_poll`.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { seeded } from "../time/support/random.mjs";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

/** Milliseconds that each start of an instance took: by the clock, and of the processor, whatever else it does. */
const starts = { wall: [], processor: [] };
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, given) {
    const [used, began] = [process.cpuUsage(), performance.now()];
    const made = Reflect.construct(target, given);
    starts.wall.push(performance.now() - began);
    const { user, system } = process.cpuUsage(used);
    starts.processor.push((user + system) / 1000);
    return made;
  },
});

const dist = new URL("../../target/pkg-trap/dist/", import.meta.url);
const { createHanko, decodeToken } = await import(new URL("index.js", dist));
const { instance } = await import(new URL("core.js", dist));

const vectors = JSON.parse(
  readFileSync(new URL("../vectors/attack-tokens/attack_tokens.json", import.meta.url), "utf8"),
);
const controls = vectors.cases.filter(({ cat, jwks }) => cat === "control" && !jwks);
const forgeries = vectors.cases.filter(({ cat, jwks }) => cat === "pkcs1" && !jwks);
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

test("verifySession throws the trap as unavailable", async () => {
  arm("panic");
  const told = { name: "HankoError", code: "internal_error", kind: "unavailable" };
  await assert.rejects(client().verifySession(controls[0].token), told);
});

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

test("a call that two others took down is internal_error: it is repeated once", async () => {
  let asked = 0;
  const fetch = () => ((asked += 1), new Promise(() => {}));
  const taken = createHanko({ apiUrl: "https://taken.hanko.test", mode: "local", fetch }).authenticate(
    controls[0].token,
  );
  for (const times of [1, 2]) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(asked, times);
    arm("panic");
    assert.equal((await client().authenticate(controls[0].token)).code, "internal_error");
  }
  const { status, code } = await taken;
  assert.deepEqual({ status, code, asked }, { status: "unavailable", code: "internal_error", asked: 2 });
});

test("a signature that is looked at: the call that trapped is internal_error, the others are right, 100 times", async () => {
  const hanko = createHanko({ apiUrl: "https://signature.hanko.test", mode: "local", cacheSize: 5, fetch: answer });
  const ways = [
    (token) =>
      hanko.verifySession(token).then(
        () => "signed-in",
        ({ code }) => code,
      ),
    (token) => hanko.authenticate(token).then(({ status, code }) => code ?? status),
  ];
  const forged = forgeries.filter(({ expect }) => expect.code === "signature_invalid").slice(0, 2);
  assert.equal(forged.length, 2);
  const mixed = [...controls.slice(0, 8), ...forged];
  const expected = mixed.map(({ expect }) => expect.code ?? "signed-in");
  for (let trap = 0; trap < 100; trap++) {
    const way = ways[trap % 2];
    assert.equal(await way(controls[9].token), "signed-in", "the keys are at hand");
    const before = running();
    const calls = mixed.map(({ token }) => way(token));
    arm(kinds[trap % 3]);
    const found = await Promise.all(calls);
    assert.equal(found.filter((code) => code === "internal_error").length, 1, JSON.stringify(found));
    found.forEach((code, at) => assert.ok(code === "internal_error" || code === expected[at], `${at}: ${code}`));
    assert.notEqual(running(), before, "the instance has been replaced");
    assert.deepEqual(await Promise.all(mixed.map(({ token }) => way(token))), expected);
  }
  assert.deepEqual(unexpected, []);
});

/** The value that so many of all are below. */
function quantile(values, share) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)];
}

/** Megabytes in use, when nothing is left to collect. */
function megabytes() {
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss: rss / 2 ** 20, heap: heapUsed / 2 ** 20 };
}

test("200 traps in a row, at random among concurrent calls: all others and each next call are right, memory is flat", async () => {
  const random = seeded(8);
  const pause = (most) => new Promise((resolve) => setTimeout(resolve, random() * most));
  const hanko = client(async () => (await pause(4), answer()));
  const mixed = [...controls.slice(0, 8), ...forgeries.filter(({ expect }) => expect.code).slice(0, 4)].map(
    ({ token, expect }) => ({
      token,
      expected: expect.code ?? "signed-in",
    }),
  );
  const dead = [];
  let [blamed, before] = [0, undefined];
  starts.wall.length = starts.processor.length = 0;
  for (let trap = 0; trap < 200; trap++) {
    const calls = mixed.map(async ({ token }) => (await pause(4), hanko.authenticate(token)));
    await pause(6);
    dead.push(new WeakRef(running()));
    arm(kinds[Math.floor(random() * kinds.length)]);
    const results = await Promise.all(calls);
    const wrong = (auths) =>
      auths.filter((auth, at) => (auth.code ?? auth.status) !== (mixed[at] ?? mixed[0]).expected);
    const met = wrong(results).length > 0;
    if (!met) results.push(await hanko.authenticate(controls[10].token)); // All were done when it was set.
    blamed += met ? 1 : 0;
    assert.deepEqual(
      wrong(results).map(({ code }) => code),
      ["internal_error"],
      `trap ${trap}`,
    );
    assert.equal((await hanko.authenticate(controls[0].token)).status, "signed-in", `after trap ${trap}`);
    if (trap === 99) before = megabytes();
  }
  await pause(20);
  const after = megabytes();
  const alive = dead.filter((one) => one.deref()).length;
  const [median, p99] = [quantile(starts.wall, 0.5), quantile(starts.processor, 0.99)];
  console.log(
    `traps: ${blamed} of 200 met a call under way; an instance is back after ${median.toFixed(2)} ms (median), ` +
      `${p99.toFixed(2)} ms of the processor (99 of 100); 100 traps more: ${(after.rss - before.rss).toFixed(1)} MiB, ` +
      `heap ${(after.heap - before.heap).toFixed(1)} MiB, ${alive} dead instances alive`,
  );
  assert.equal(mixed.filter(({ expected }) => expected === "signature_invalid").length, 4);
  assert.ok(blamed >= 50, `${blamed} met a call under way`);
  assert.ok(starts.wall.length >= 200, `${starts.wall.length} starts`);
  assert.ok(median < 10 && p99 < 10, `${median} ms, ${p99} ms of the processor`);
  assert.ok(alive <= 1, `${alive} dead instances alive`);
  assert.ok(after.rss - before.rss < 16 && after.heap - before.heap < 2, JSON.stringify({ before, after }));
  assert.deepEqual(unexpected, []);
});

test("onEvent is told once of each restart, at once by the call that trapped, else at the next one; whatever it does", async () => {
  const hears = (heard, then = () => {}) => ({
    apiUrl: "https://restart.hanko.test",
    mode: "local",
    cacheSize: 0,
    fetch: answer,
    onEvent: (event) => {
      if (event.type === "restarted") heard.push(event);
      then();
    },
  });
  const [one, other] = [[], []];
  const fails = () => {
    throw new Error("listener");
  };
  const [hanko, bystander] = [createHanko(hears(one)), createHanko(hears(other, fails))];
  for (const client of [hanko, bystander])
    assert.equal((await client.authenticate(controls[0].token)).status, "signed-in");
  for (let trap = 1; trap <= 3; trap++) {
    arm(kinds[trap - 1]);
    assert.equal((await hanko.authenticate(controls[0].token)).code, "internal_error");
    assert.equal(one.length, trap);
    assert.equal(other.length, trap - 1);
    for (let call = 0; call < 2; call++) {
      for (const client of [hanko, bystander])
        assert.equal((await client.authenticate(controls[0].token)).status, "signed-in");
    }
    assert.deepEqual([one.length, other.length], [trap, trap]);
  }
  for (const event of [...one, ...other]) assert.deepEqual(event, { type: "restarted", cause: "trap" });
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

test("a trap before anything is waited for costs authenticate nothing: it is asked again", async () => {
  const hanko = createHanko({ apiUrl: "https://trap-at-once.hanko.test", mode: "local", fetch: answer });
  const [{ token }] = controls;
  for (const name of ["authenticate_now", "authenticate_again"]) {
    const { status, sessionId } = await hanko.authenticate(token);
    assert.equal(status, "signed-in");
    const before = running();
    const trapped = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    before.glue = { ...before.glue, [name]: trapped };
    const known = name === "authenticate_again";
    const auth = await hanko.authenticate(known ? token : new Headers({ authorization: `Bearer ${token}` }));
    assert.deepEqual([auth.status, auth.sessionId], ["signed-in", sessionId], name);
    assert.notEqual(running(), before, "the instance has been replaced");
  }
  assert.deepEqual(unexpected, []);
});
