/** `allowedOrigins`: each row of the contract. */
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { createHanko } from "hanko-edge";
import { clientOf, serverWithSession } from "./support/hanko.mjs";

const LISTED = "https://app.example.com";
const OWN = "https://api.example.com";
const YES = "signed-in";
const NO = "origin_not_allowed";

let server, token, cookie;
before(async () => ({ server, token, cookie } = await serverWithSession()));

/** Name, `Origin`, `Sec-Fetch-Site`, and what it means for a POST with a cookie. */
const ROWS = [
  ["listed", LISTED, undefined, YES],
  ["listed, from another site", LISTED, "cross-site", YES],
  ["the request's own", OWN, undefined, YES],
  ["unlisted", "https://evil.example", undefined, NO],
  ["unlisted, whatever Sec-Fetch-Site says", "https://evil.example", "same-origin", NO],
  ["null", "null", undefined, NO],
  ["null, same-origin", "null", "same-origin", NO],
  ["empty", "", undefined, NO],
  ["listed as a prefix", `${LISTED}.evil.example`, undefined, NO],
  ["listed with another port", `${LISTED}:8443`, undefined, NO],
  ["listed with another scheme", "http://app.example.com", undefined, NO],
  ["listed in capitals", LISTED.toUpperCase(), undefined, NO],
  ["two at once", `${LISTED}, https://evil.example`, undefined, NO],
  ["absent, same-origin", undefined, "same-origin", YES],
  ["absent, none", undefined, "none", YES],
  ["absent, same-site", undefined, "same-site", NO],
  ["absent, cross-site", undefined, "cross-site", NO],
  ["absent, of an unknown kind", undefined, "", NO],
  ["both absent: no browser", undefined, undefined, YES],
];

for (const [name, origin, site, expected] of ROWS) {
  test(`POST with a cookie, Origin ${name}: ${expected}`, async () => {
    assert.equal(await outcome(request("POST", { origin, "sec-fetch-site": site, cookie })), expected);
  });
}

for (const method of ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"]) {
  test(`${method} is unsafe`, async () => {
    assert.equal(await outcome(request(method, { origin: "null", cookie })), NO);
  });
}

for (const method of ["GET", "HEAD", "OPTIONS"]) {
  test(`${method} is safe, unless it upgrades to a WebSocket`, async () => {
    assert.equal(await outcome(request(method, { origin: "null", cookie })), YES);
    for (const upgrade of ["websocket", "WebSocket", "h2c, websocket"]) {
      assert.equal(await outcome(request(method, { origin: "null", cookie, upgrade })), NO, upgrade);
    }
    assert.equal(await outcome(request(method, { origin: "null", cookie, upgrade: "h2c" })), YES);
    assert.equal(await outcome(request(method, { origin: LISTED, cookie, upgrade: "websocket" })), YES);
  });
}

test("all of a Headers counts as unsafe", async () => {
  assert.equal(await outcome(new Headers({ origin: "null", cookie })), NO);
  assert.equal(await outcome(new Headers({ origin: OWN, cookie })), NO, "it has no origin of its own");
  assert.equal(await outcome(new Headers({ origin: LISTED, cookie })), YES);
  assert.equal(await outcome(new Headers({ cookie })), YES);
});

test("a request without an origin has none that null could be", async () => {
  for (const url of ["data:text/plain,x", "about:blank", "blob:null/x", "not a URL", undefined]) {
    const headers = new Headers({ origin: "null", cookie });
    assert.equal(await outcome({ method: "POST", url, headers }), NO, url);
    headers.set("origin", "undefined");
    assert.equal(await outcome({ method: "POST", url, headers }), NO, url);
  }
});

test("Bearer is exempt, and so is a token itself", async () => {
  const headers = { origin: "https://evil.example", authorization: `Bearer ${token}` };
  assert.equal(await outcome(request("POST", headers)), YES);
  assert.equal(await outcome(request("POST", { ...headers, cookie })), YES);
  assert.equal(await outcome(token), YES);
});

test("a scheme other than Bearer does not exempt the cookie", async () => {
  const headers = { origin: "https://evil.example", authorization: "Basic eDp5", cookie };
  assert.equal(await outcome(request("POST", headers)), NO);
});

test("without a cookie the token is missing, whatever the origin", async () => {
  assert.equal(await outcome(request("POST", { origin: "https://evil.example" })), "token_missing");
});

test("an empty list still allows the request's own origin, and the option is off by default", async () => {
  const evil = request("POST", { origin: "https://evil.example", cookie });
  assert.equal(await outcome(request("POST", { origin: OWN, cookie }), []), YES);
  assert.equal(await outcome(evil.clone(), []), NO);
  assert.equal((await clientOf(server).authenticate(evil)).status, YES);
});

test("a refused request costs none of ours", async () => {
  const sent = server.requests.length;
  assert.equal(await outcome(request("POST", { origin: "null", cookie }), [LISTED], { mode: "remote" }), NO);
  assert.equal(server.requests.length, sent);
});

test("what no browser writes as an origin is config_invalid", () => {
  const wrong = [
    "https://app.example.com/",
    "app.example.com",
    "*",
    "null",
    "",
    "HTTPS://app.example.com",
    1,
    null,
    undefined,
  ];
  for (const one of wrong) {
    const create = () => createHanko({ apiUrl: "https://x.hanko.test", allowedOrigins: [one] });
    assert.throws(create, { code: "config_invalid" }, String(one));
  }
  assert.throws(() => createHanko({ apiUrl: "https://x.hanko.test", allowedOrigins: LISTED }), {
    code: "config_invalid",
  });
});

function request(method, headers) {
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  return new Request(`${OWN}/path`, { method, headers: given });
}

async function outcome(input, allowedOrigins = [LISTED], options = {}) {
  const auth = await clientOf(server, { allowedOrigins, ...options }).authenticate(input);
  return auth.code ?? auth.status;
}
