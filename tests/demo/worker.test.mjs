import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { serve } from "../../www/serve.mjs";

const ACTIONS = ["sign-in", "sign-out", "revoke", "hook", "break", "heal", "token"];
const REMEMBERED = ["signed-in", false, []];
const REVALIDATE_AFTER = 3000;
const VALIDATE = "/sessions/validate";

let demo;
before(async () => (demo = await serve()));
after(() => demo?.stop());

const post = (path, body, headers = { origin: demo.url }) => fetch(demo.url + path, { method: "POST", body, headers });

/** Signs in, and gives the cookie. */
async function signIn(person) {
  const response = await post("/demo/sign-in", person);
  assert.equal(response.status, 204);
  return response.headers.get("set-cookie").split(";")[0];
}

/** What a mode says of the session in a cookie, and what it asked. */
async function ask(mode, cookie) {
  const response = await fetch(`${demo.url}/api/session?mode=${mode}`, { headers: { cookie } });
  const { auth, asked } = await response.json();
  return [auth.status, auth.code ?? (auth.stale && "stale"), asked.map(({ path }) => path)];
}

test("the page is served under a policy that allows nothing inline", async () => {
  const response = await fetch(demo.url);
  assert.equal(response.status, 200);
  const policy = response.headers.get("content-security-policy");
  // WebAssembly may be compiled; nothing else that is called unsafe.
  assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
  assert.doesNotMatch(policy.replace("'wasm-unsafe-eval'", ""), /unsafe/);
  const html = await response.text();
  const assets = [...html.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, path]) => path);
  assert.equal(assets.length, 4);
  for (const path of assets) assert.equal((await fetch(demo.url + path)).status, 200, path);
});

for (const action of ACTIONS) {
  test(`/demo/${action} takes POST only, and only from its own page`, async () => {
    const path = `/demo/${action}`;
    assert.equal((await fetch(demo.url + path)).status, 405);
    const foreign = [
      {},
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "cross-site" },
    ];
    for (const headers of foreign) assert.equal((await post(path, "", headers)).status, 403, JSON.stringify(headers));
  });
}

test("the test server's own routes cannot be reached from outside", async () => {
  for (const path of ["/control/state", "/control/heal", "/sessions/validate", "/.well-known/jwks.json"]) {
    assert.equal((await post(path, "")).status, 404, path);
  }
});

test("what is not known is refused", async () => {
  assert.equal((await post("/demo/sign-in", "nobody")).status, 400);
  assert.equal((await post("/demo/break", "in-some-way")).status, 404);
  assert.equal((await post("/demo/token", "golden")).status, 404);
  assert.equal((await post("/demo/nothing", "")).status, 404);
  const response = await fetch(`${demo.url}/api/session?mode=guess`);
  assert.equal(response.status, 400);
  assert.equal((await response.json()).code, "argument_invalid");
});

test("the token stays in an HttpOnly cookie: no answer repeats it", async () => {
  const signedIn = await post("/demo/sign-in", "mira");
  const cookie = signedIn.headers.get("set-cookie");
  assert.match(cookie, /^hanko=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; HttpOnly; SameSite=Strict$/);
  const [pair] = cookie.split(";");
  const signature = pair.split(".")[2];
  const text = await (await fetch(`${demo.url}/api/session?mode=remote`, { headers: { cookie: pair } })).text();
  assert.equal(JSON.parse(text).auth.status, "signed-in");
  assert.equal(text.includes(signature), false);
});

test("hybrid asks once in 3 seconds, and so learns of a revoked session; remote then knows without asking", async () => {
  const cookie = await signIn("jonas");
  await ask("local", cookie); // Fetches the keys, where no test before did.
  assert.deepEqual(await ask("hybrid", cookie), ["signed-in", false, [VALIDATE]]);
  assert.deepEqual(await ask("hybrid", cookie), REMEMBERED);
  await sleep(REVALIDATE_AFTER + 100); // /demo/revoke makes the yes fresh.
  assert.equal((await post("/demo/revoke", "", { origin: demo.url, cookie })).status, 204);
  let answer = await ask("hybrid", cookie);
  assert.deepEqual(answer, REMEMBERED);
  const deadline = Date.now() + 10_000;
  while (answer[0] === "signed-in" && Date.now() < deadline) {
    await sleep(100);
    answer = await ask("hybrid", cookie);
  }
  const ended = ["signed-out", "session_ended"];
  assert.deepEqual(answer, [...ended, [VALIDATE, "/.well-known/jwks.json", VALIDATE]]);
  assert.deepEqual(await ask("remote", cookie), [...ended, []]);
});

test("a failure, and a recovery, begin with a fresh yes", async () => {
  const cookie = await signIn("mira");
  const order = async (path, body) => assert.equal((await post(path, body, { origin: demo.url, cookie })).status, 204);
  for (const failure of ["refused", "database-away"]) {
    await order("/demo/break", failure);
    assert.deepEqual(await ask("hybrid", cookie), REMEMBERED);
    await sleep(REVALIDATE_AFTER + 100);
    const [status, stale, asked] = await ask("hybrid", cookie);
    assert.deepEqual([status, stale, asked[0]], ["signed-in", "stale", VALIDATE]);
  }
  await order("/demo/heal");
  assert.deepEqual(await ask("hybrid", cookie), REMEMBERED);
});

const patch = (body, headers) => fetch(`${demo.url}/api/metadata`, { method: "PATCH", body, headers });

test("metadata is written for a session only, from the own page only, and by JSON only", async () => {
  const cookie = await signIn("mira");
  const own = { origin: demo.url, cookie };
  assert.equal((await patch("{}", { origin: demo.url })).status, 401);
  for (const origin of ["https://evil.example", "null"])
    assert.equal((await patch("{}", { origin, cookie })).status, 403);
  for (const body of ["", "{", "null"]) assert.equal((await patch(body, own)).status, 400, body);
  const { outcome, asked } = await (await patch('{"of":"mira","__proto__":{"a":1}}', own)).json();
  assert.deepEqual([outcome.value.unsafe_metadata.of, asked.length], ["mira", 3]);
  const again = await (await patch('{"of":null}', own)).json();
  assert.equal(Object.hasOwn(again.outcome.value.unsafe_metadata, "__proto__"), true);
  assert.deepEqual(
    again.asked.map(({ path, status }) => `${path} ${status}`),
    ["/profile patch_metadata 200"],
  );
  const cleared = await fetch(`${demo.url}/api/metadata`, { method: "DELETE", headers: own });
  assert.deepEqual((await cleared.json()).outcome.value.unsafe_metadata, {});
});

test("who has no session, or one that ended, is told of nobody", async () => {
  const told = async (cookie) => (await (await fetch(`${demo.url}/api/user`, { headers: { cookie } })).json()).outcome;
  assert.equal((await told("")).error.code, "token_missing");
  const cookie = await signIn("jonas");
  const { value } = await told(cookie);
  assert.deepEqual([value.username, value.metadata.public_metadata], ["jonas", { plan: "team" }]);
  assert.equal((await post("/demo/hook", "", { origin: demo.url, cookie })).status, 204);
  assert.equal((await told(cookie)).error.code, "unauthorized");
  assert.deepEqual(await ask("local", cookie), ["signed-out", "session_ended", []]);
});

test("a webhook that is not Hanko's ends nothing", async () => {
  const cookie = await signIn("jonas");
  const hook = (body) => fetch(`${demo.url}/hooks/hanko`, { method: "POST", body });
  assert.equal((await fetch(`${demo.url}/hooks/hanko`)).status, 405);
  assert.equal((await hook("{}")).status, 400);
  assert.equal((await hook(JSON.stringify({ token: cookie.slice("hanko=".length) }))).status, 401);
  assert.equal((await ask("local", cookie))[0], "signed-in");
});
