import assert from "node:assert/strict";
import { test } from "node:test";

import { get, isValid, keysOf, signedIn, validate } from "./support.mjs";

test("status: Hanko's error of that status, until it is healed", async () => {
  const { hanko, token } = await signedIn();
  hanko.break({ status: 503 });
  const response = await validate(hanko, token);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.deepEqual(await response.json(), { code: 503, message: "Service Unavailable" });
  hanko.heal();
  assert.equal(await isValid(hanko, token), true);
});

test("status, body and headers make an answer; a status without body is one", async () => {
  const { hanko } = await signedIn();
  hanko.break({ body: "<h1>Soon</h1>", headers: { "content-type": "text/html" } });
  const page = await get(hanko, "/me");
  assert.deepEqual([page.status, page.headers.get("content-type")], [200, "text/html"]);
  assert.equal(await page.text(), "<h1>Soon</h1>");
  hanko.break({ status: 302, headers: { location: "https://elsewhere.example/" } });
  assert.equal((await get(hanko, "/me")).headers.get("location"), "https://elsewhere.example/");
  hanko.break({ status: 204 });
  assert.equal((await get(hanko, "/me")).body, null);
});

test("headers alone are set on the true answer", async () => {
  const { hanko } = await signedIn();
  hanko.break({ headers: { age: "30" } }, "/.well-known");
  const response = await get(hanko, "/.well-known/jwks.json");
  assert.deepEqual([response.headers.get("age"), response.headers.get("cache-control")], ["30", "max-age=600"]);
  assert.equal((await response.json()).keys.length, 1);
});

test("reset rejects with a TypeError", async () => {
  const { hanko, token } = await signedIn();
  hanko.break({ reset: true });
  await assert.rejects(validate(hanko, token), TypeError);
});

test("hang settles only when the signal aborts, with its reason", async () => {
  const { hanko, token } = await signedIn();
  hanko.break({ hang: true });
  const controller = new AbortController();
  const pending = validate(hanko, token, { signal: controller.signal });
  const first = await Promise.race([pending, new Promise((resolve) => setTimeout(resolve, 50, "nothing yet"))]);
  assert.equal(first, "nothing yet");
  controller.abort("enough");
  await assert.rejects(pending, (reason) => reason === "enough");
});

test("delayMs delays the true answer, and a signal ends the wait", async () => {
  const { hanko, token } = await signedIn();
  hanko.break({ delayMs: 80 });
  const start = performance.now();
  assert.equal(await isValid(hanko, token), true);
  assert.ok(performance.now() - start >= 75);
  hanko.break({ delayMs: 60_000 });
  const signal = AbortSignal.timeout(20);
  await assert.rejects(validate(hanko, token, { signal }), { name: "TimeoutError" });
  assert.ok(performance.now() - start < 5000);
});

test("times: heals by itself", async () => {
  const { hanko, token } = await signedIn();
  hanko.break({ status: 500, times: 2 });
  const statuses = [];
  for (let call = 0; call < 3; call += 1) statuses.push((await validate(hanko, token)).status);
  assert.deepEqual(statuses, [500, 500, 200]);
});

test("afterApply: the work is done, and the answer is lost", async () => {
  const { hanko, user, token, cookie } = await signedIn();
  hanko.break({ afterApply: true, times: 1 });
  await assert.rejects(get(hanko, "/logout", { method: "POST", headers: { cookie } }), TypeError);
  assert.equal(await isValid(hanko, token), false);
  const next = await hanko.createSession(user.user_id);
  hanko.break({ afterApply: true, status: 502, times: 1 });
  const answer = await get(hanko, "/logout", { method: "POST", headers: { cookie: next.cookie } });
  assert.equal(answer.status, 502);
  assert.equal(await isValid(hanko, next.token), false);
});

test("without afterApply no work is done", async () => {
  const { hanko, token, cookie } = await signedIn();
  hanko.break({ reset: true, times: 1 });
  await assert.rejects(get(hanko, "/logout", { method: "POST", headers: { cookie } }), TypeError);
  assert.equal(await isValid(hanko, token), true);
});

test("a path breaks only what begins so, and the latest match counts", async () => {
  const { hanko, token } = await signedIn();
  hanko.break({ status: 500 });
  hanko.break({ status: 502 }, "/sessions");
  hanko.break({ status: 504, times: 1 }, "/sessions/validate");
  assert.deepEqual([await isValid(hanko, token), await isValid(hanko, token)], [504, 502]);
  assert.equal((await get(hanko, "/me")).status, 500);
  hanko.heal();
  assert.equal(await isValid(hanko, token), true);
  hanko.break({ reset: true }, "/me");
  assert.equal((await keysOf(hanko)).length, 1);
});

test("a signal that has aborted already sends nothing", async () => {
  const { hanko, token } = await signedIn();
  await assert.rejects(validate(hanko, token, { signal: AbortSignal.abort("no") }), (reason) => reason === "no");
  assert.equal(hanko.requests.length, 0);
});
