import assert from "node:assert/strict";
import { test } from "node:test";

import { createTestHanko } from "hanko-edge/testing";

import { get, isValid, signedIn, validate } from "./support.mjs";

test("every request is logged, in order of arrival", async () => {
  const { hanko, token } = await signedIn();
  hanko.break({ delayMs: 50, times: 1 });
  const slow = get(hanko, "/me?first=1", { headers: { "X-One": "1" } });
  await validate(hanko, token);
  await slow;
  const [first, second] = hanko.requests;
  assert.equal(hanko.requests.length, 2);
  assert.deepEqual(first, { method: "GET", path: "/me?first=1", headers: { "x-one": "1" }, body: "" });
  assert.deepEqual([second.method, second.path], ["POST", "/sessions/validate"]);
  assert.equal(second.headers["content-type"], "application/json");
  assert.deepEqual(JSON.parse(second.body), { session_token: token });
});

test("a request that was broken or went elsewhere is logged too", async () => {
  const { hanko } = await signedIn();
  hanko.break({ reset: true, times: 1 });
  await assert.rejects(get(hanko, "/me"));
  await hanko.fetch("https://elsewhere.example/me?x=1#y");
  assert.deepEqual(
    hanko.requests.map(({ path }) => path),
    ["/me", "https://elsewhere.example/me?x=1"],
  );
});

test("fetch takes what fetch takes, without this", async () => {
  const { hanko, cookie } = await signedIn();
  const { fetch, apiUrl } = hanko;
  const init = { headers: { cookie } };
  const inputs = [[`${apiUrl}/me`, init], [new URL(`${apiUrl}/me`), init], [new Request(`${apiUrl}/me`, init)]];
  inputs.push([new Request(`${apiUrl}/me`), init]);
  for (const input of inputs) assert.equal((await fetch(...input)).status, 200);
  await assert.rejects(fetch("no address"), TypeError);
});

test("a tenant's path in apiUrl is the server's own; what is not below it is 404", async () => {
  const hanko = await createTestHanko({ apiUrl: "https://auth.example/tenant-1/" });
  assert.equal(hanko.apiUrl, "https://auth.example/tenant-1");
  const { token } = await hanko.createSession(crypto.randomUUID());
  assert.equal(await isValid(hanko, token), true);
  assert.equal(hanko.requests[0].path, "/sessions/validate");
  for (const url of [
    "https://auth.example/health/alive",
    "https://auth.example/tenant-12/health/alive",
    "https://other.example/tenant-1/health/alive",
  ]) {
    const response = await hanko.fetch(url);
    assert.equal(response.status, 404, url);
    assert.deepEqual(await response.json(), { code: 404, message: "Not Found" });
  }
  assert.equal(hanko.requests[2].path, "https://auth.example/tenant-12/health/alive");
  assert.equal((await get(hanko, "/health/alive")).status, 200);
});

test("of several spellings of session_token the last counts", async () => {
  const { hanko, token } = await signedIn();
  const isValidIn = async (body) => {
    return (await (await validate(hanko, "", { body: JSON.stringify(body) })).json()).is_valid;
  };
  assert.equal(await isValidIn({ SESSION_TOKEN: "no", session_token: token }), true);
  assert.equal(await isValidIn({ session_token: token, Session_Token: "no" }), false);
});

test("a path with a bad escape gets Go's own answer", async () => {
  const { hanko } = await signedIn();
  const response = await get(hanko, "/%");
  assert.deepEqual([response.status, response.headers.get("x-request-id")], [400, null]);
  assert.equal(await response.text(), "400 Bad Request");
});
