/** The bad days of the profile flow. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { TestFlow, beginFlow, get, signedIn, storedUnsafe } from "./support.mjs";

const technical = { code: "technical_error", message: "Something went wrong." };
const patchPath = "/profile?action=patch_metadata";

test("two patches of one user at once: both are answered 200, and one is lost", async () => {
  const { hanko, user, token } = await signedIn();
  const other = await hanko.createSession(user.user_id);
  const flows = [await beginFlow(hanko, token), await beginFlow(hanko, other.token)];
  await flows[0].patch('{"k":0}');
  let lost = 0;
  for (let round = 1; round <= 50; round += 1) {
    const answers = await Promise.all(flows.map((flow, index) => flow.patch(`{"n${index}":${round}}`)));
    for (const [index, { status, payload }] of answers.entries())
      assert.deepEqual([status, payload.user.metadata.unsafe_metadata[`n${index}`]], [200, round]);
    const { n0, n1 } = JSON.parse(await storedUnsafe(hanko, token));
    lost += n0 !== round || n1 !== round ? 1 : 0;
  }
  // On a busy machine the two do not always overlap.
  assert.ok(lost >= 10, `${lost} of 50 lost`);
});

test("two first writes at once: one is rolled back, keeps its csrf token, and can be sent again", async () => {
  const { hanko } = await signedIn();
  let raced = 0;
  for (let round = 0; round < 20; round += 1) {
    const { token } = await hanko.createSession(crypto.randomUUID());
    const flows = [await beginFlow(hanko, token), await beginFlow(hanko, token)];
    const answers = await Promise.all(flows.map((flow, index) => flow.patch(`{"n${index}":1}`)));
    const at = answers.findIndex(({ status }) => status === 500);
    if (at === -1) continue;
    raced += 1;
    assert.deepEqual([answers[at].error, answers[1 - at].status], [technical, 200]);
    assert.equal((await flows[at].patch('{"again":1}')).status, 200);
    assert.deepEqual(Object.keys(JSON.parse(await storedUnsafe(hanko, token))).sort(), ["again", `n${1 - at}`]);
  }
  assert.ok(raced >= 2, `${raced} of 20 raced`);
});

test("a busy flow refuses a second request at once", async () => {
  const { hanko, token } = await signedIn();
  const flow = await beginFlow(hanko, token);
  await flow.patch('{"k":0}');
  let refused;
  for (let round = 0; round < 50 && !refused; round += 1) {
    // Where they do not overlap, the second is 403: its csrf token is spent.
    const answers = await Promise.all([flow.patch('{"one":1,"two":null}'), flow.patch('{"two":2,"one":null}')]);
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    refused = answers.find(({ status }) => status === 500);
  }
  assert.deepEqual(refused.error, technical);
  assert.equal((await flow.patch('{"three":3}')).status, 200);
  const stored = await storedUnsafe(hanko, token);
  assert.equal(Object.keys(JSON.parse(stored)).length, 3, stored);
});

test("a write goes on when its client has gone, and spends the csrf token", async () => {
  const { hanko, token } = await signedIn();
  const flow = await beginFlow(hanko, token);
  const { csrf } = flow;
  hanko.break({ delayMs: 500, times: 1 }, patchPath);
  await assert.rejects(flow.patch('{"one":1}', { signal: AbortSignal.timeout(15) }), { name: "TimeoutError" });
  assert.equal(await storedUnsafe(hanko, token), null, "not yet");
  for (let waited = 0; waited < 100 && (await storedUnsafe(hanko, token)) === null; waited += 1) await sleep(50);
  assert.equal(await storedUnsafe(hanko, token), '{"one":1}');
  flow.csrf = csrf;
  assert.equal((await flow.patch('{"one":1}')).status, 403);
});

test("a 500 in the flow's shape: not written, csrf token still good; in the bare shape: written, and the csrf token lost", async () => {
  const { hanko, token } = await signedIn();
  const flow = await beginFlow(hanko, token);
  hanko.break({ status: 500, times: 1 }, patchPath);
  const before = await flow.patch('{"a":1}');
  assert.deepEqual([before.status, before.name, before.error], [500, "error", technical]);
  assert.equal(await storedUnsafe(hanko, token), null);
  hanko.break({ status: 500, afterApply: true, times: 1 }, patchPath);
  assert.equal((await flow.patch('{"a":2}')).text, '{"code":500,"message":"Internal Server Error"}\n');
  assert.equal(await storedUnsafe(hanko, token), '{"a":2}');
  assert.equal((await flow.patch('{"a":3}')).status, 403);
});

test("other errors of the flow are made up in its shape, what it does not have is bare", async () => {
  const { hanko, token } = await signedIn();
  const made = async (status) => {
    hanko.break({ status, times: 1 }, "/profile");
    return (await new TestFlow(hanko, token).begin()).error?.code;
  };
  assert.equal(await made(401), "unauthorized");
  assert.equal(await made(403), "operation_not_permitted_error");
  assert.equal(await made(410), "flow_expired_error");
  assert.equal(await made(429), "rate_limit_exceeded");
  assert.equal(await made(502), undefined);
});

test("with the database away the flow says 401; crowded, a share is 401 and a share 500", async () => {
  const { hanko, token } = await signedIn();
  const flow = await beginFlow(hanko, token);
  hanko.setOutage("database-away");
  assert.equal((await flow.patch('{"a":1}')).error.code, "unauthorized");
  hanko.setOutage("crowded");
  const statuses = [];
  for (let call = 0; call < 400; call += 1) statuses.push((await new TestFlow(hanko, token).begin()).status);
  const share = (status) => statuses.filter((one) => one === status).length / statuses.length;
  assert.ok(Math.abs(share(401) - 0.05) < 0.03 && Math.abs(share(500) - 0.2) < 0.05, `${share(401)} ${share(500)}`);
  hanko.setOutage(null);
  assert.equal((await flow.patch('{"a":1}')).status, 200);
});

test("an idle session: 3.0 closes the connection once, 2.7 says 401 and deletes the cookie", async () => {
  for (const version of ["2.7", "3.0"]) {
    let now = Date.now();
    const { hanko, cookie } = await signedIn({ version, idleTimeout: 10, now: () => new Date(now) });
    const ask = () => get(hanko, "/profile", { method: "POST", headers: { cookie } });
    assert.equal((await ask()).status, 200);
    now += 10_000;
    if (version === "3.0") await assert.rejects(ask(), TypeError);
    else assert.match((await ask()).headers.get("set-cookie"), /^hanko=; Path=\/; Max-Age=0/);
    const again = await ask();
    assert.deepEqual([again.status, again.headers.get("set-cookie")], [401, null]);
  }
});
