import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { serve } from "../../www/serve.mjs";

const ACTIONS = ["sign-in", "sign-out", "revoke", "break", "heal", "token"];

let demo;
before(async () => (demo = await serve()));
after(() => demo?.stop());

const post = (path, body, headers = { origin: demo.url }) => fetch(demo.url + path, { method: "POST", body, headers });

test("the page is served under a policy that allows nothing inline", async () => {
  const response = await fetch(demo.url);
  assert.equal(response.status, 200);
  const policy = response.headers.get("content-security-policy");
  assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
  assert.doesNotMatch(policy, /unsafe/);
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
