import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { after, before, test } from "node:test";

import { createTestHanko } from "hanko-edge/testing";

import { serve } from "../../www/serve.mjs";
import { inBrowsers } from "./in-browsers.mjs";
import { SIGNED_IN } from "./page.mjs";

// The test server stands at an address of its own, over HTTP: to the demo it is a Hanko like any other.
let server, hanko, demo;

before(async () => {
  server = createServer(async (request, response) => {
    const { method, headers, url } = request;
    const body = await buffer(request);
    const answer = await hanko.fetch(hanko.apiUrl + url, { method, headers, ...(body.length && { body }) });
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  hanko = await createTestHanko({ apiUrl: `http://127.0.0.1:${server.address().port}` });
  demo = await serve({ hankoApiUrl: hanko.apiUrl });
});

after(async () => {
  await demo?.stop();
  server?.closeAllConnections();
  server?.close();
});

async function newToken() {
  const emails = [{ id: crypto.randomUUID(), address: "ines@example.com", is_verified: true, is_primary: true }];
  const user = await hanko.createUser({ email: "ines@example.com", emails });
  return (await hanko.createSession(user.user_id)).token;
}

test("a Hanko of one's own cannot be broken from the page", async () => {
  assert.deepEqual(await (await fetch(`${demo.url}/demo/state`)).json(), { apiUrl: hanko.apiUrl, testServer: null });
  for (const action of ["break", "heal", "token"]) {
    const response = await fetch(`${demo.url}/demo/${action}`, { method: "POST", headers: { origin: demo.url } });
    assert.equal(response.status, 404, action);
  }
  assert.deepEqual(hanko.requests, []);
});

test("a token that no browser keeps in a cookie is refused", async () => {
  const init = { method: "POST", headers: { origin: demo.url }, body: `a.${"b".repeat(4000)}.c` };
  const response = await fetch(`${demo.url}/demo/sign-in`, init);
  assert.deepEqual([response.status, await response.text()], [400, "Too long for a cookie\n"]);
});

let visits = 0;

inBrowsers(
  "a Hanko of one's own",
  120_000,
  (there) => {
    test("a pasted token signs in, POST /logout revokes, and nothing offers to break it", async () => {
      const { page, opened } = there;
      await opened.driver.get(demo.url);
      await page.shows({ remote: "Signed out token_missing" });
      assert.deepEqual([await page.isShown("#health"), await page.isShown("#samples")], [false, false]);
      await page.type("session-token", await newToken());
      await page.press("Sign in with this token");
      await page.shows(SIGNED_IN);
      assert.equal(await page.text("#person .name"), "ines@example.com");
      await page.becomes("ines@example.com", () => page.text("#profile .name"));
      assert.deepEqual([await page.isShown("#losses"), await page.isShown("#hook")], [false, false]);
      await page.press("Save");
      await page.becomes("Stored", () => page.text("#saved .word"));
      await page.press("Revoke it elsewhere");
      await page.shows({ local: SIGNED_IN.local, remote: "Signed out session_ended" });
      visits += 1;
      const logouts = hanko.requests.filter(({ method, path }) => `${method} ${path}` === "POST /logout");
      assert.equal(logouts.length, visits);
    });
  },
  async () => ({ url: demo.url, stop: async () => {} }),
);
