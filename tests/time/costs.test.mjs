/**
 * What it costs to refuse: nothing that grows with a text which is too long, and before the signature no more than the text is
 * long. Each figure is the best of many, so that a busy machine changes none.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeToken, readToken } from "hanko-edge";
import { clientOf, serverWithSession } from "./support/hanko.mjs";

const TIMES = 100;
const MOST_MS = 1;
const LONGEST = 65_536;
const HUGE = "x".repeat(10_000_000);

const { server, token } = await serverWithSession();
const [header, , signature] = token.split(".");
const hanko = clientOf(server, { maxTokenLength: LONGEST });
assert.equal((await hanko.authenticate(token)).status, "signed-in");

/** Milliseconds of the quickest. */
async function best(work) {
  let least = Infinity;
  for (let time = 0; time < TIMES; time++) {
    const began = performance.now();
    await work();
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

const code = async (work) => {
  try {
    return (await work()).code;
  } catch (error) {
    return error.code;
  }
};

const [bearer, cookie] = [new Headers({ authorization: `Bearer ${HUGE}` }), new Headers({ cookie: `hanko=${HUGE}` })];

/** Everything that takes a text from outside. */
const DOORS = {
  "authenticate, a token": () => hanko.authenticate(HUGE),
  "authenticate, a Bearer header": () => hanko.authenticate(bearer),
  "authenticate, a cookie": () => hanko.authenticate(cookie),
  verifySession: () => hanko.verifySession(HUGE),
  validateSession: () => hanko.validateSession(HUGE),
  decodeToken: () => decodeToken(HUGE),
  "readToken, a Bearer header": () => readToken(bearer),
  "readToken, a cookie": () => readToken(cookie),
};

for (const [name, enter] of Object.entries(DOORS)) {
  test(`10 MB, ${name}: token_too_large in under ${MOST_MS} ms`, async () => {
    assert.equal(await code(enter), "token_too_large");
    const took = await best(() => code(enter));
    assert.ok(took < MOST_MS, `${took} ms`);
  });
}

const encode = (text) => Buffer.from(text).toString("base64url");
const fill = (length, part) => part.repeat(Math.floor((length * 0.74) / part.length));
const unknown = (length, claims) =>
  [encode('{"alg":"RS256","kid":"unknown"}'), encode(`{"iat":1,${claims(length - 500)}}`), signature].join(".");
const headed = (members) => `${encode(`{"alg":"RS256",${members}}`)}.e30.${signature}`;
const members = (length) =>
  Array.from({ length: Math.floor(length / 19) }, (_, at) => `"m${(at * 7919) % 1_000_000}":0`).join(",");

/** Texts of a length that are refused before any signature is looked at, and the code. */
const TEXTS = [
  ["no token", (length) => "x".repeat(length), "token_malformed"],
  ["dots", (length) => ".".repeat(length), "token_malformed"],
  ["a header of zeros", (length) => `${"A".repeat(length - 4)}.A.A`, "token_malformed"],
  [
    "a signature that is too long",
    (length) => `${header}.e30.${"A".repeat(length - header.length - 5)}`,
    "signature_invalid",
  ],
  ["a claim of letters", (length) => unknown(length, (left) => `"a":"${fill(left, "x")}"`), "key_not_found"],
  ["a claim of escapes", (length) => unknown(length, (left) => `"a":"${fill(left, "\\u0041")}"`), "key_not_found"],
  ["a claim 60 levels deep", (length) => unknown(length, (left) => `"a":${nested(left)}`), "key_not_found"],
  ["a claim of numbers", (length) => unknown(length, (left) => `"a":[${fill(left - 8, "0,")}0]`), "key_not_found"],
  ["claims by the thousand", (length) => unknown(length, members), "key_not_found"],
  ["a header of members", (length) => headed(`"kid":"x",${members(length - 500)}`), "token_malformed"],
  ["a header of numbers", (length) => headed(`"kid":"x","a":[${fill(length - 500, "0,")}0]`), "token_malformed"],
  ["a kid of escapes", (length) => headed(`"kid":"${fill(length - 500, "\\u0041")}"`), "token_malformed"],
];

function nested(length) {
  const inner = `"${fill(length - 160, "x")}"`;
  return `${"[".repeat(60)}${inner}${"]".repeat(60)}`;
}

for (const [name, make, expected] of TEXTS) {
  test(`64 KiB, ${name}: ${expected} in under ${MOST_MS} ms, and a quarter of it takes no more than its share`, async () => {
    const took = [];
    for (const length of [LONGEST / 4, LONGEST]) {
      const text = make(length);
      assert.ok(text.length <= length && text.length > length * 0.8, `${text.length} characters`);
      assert.equal(await code(() => hanko.authenticate(text)), expected);
      took.push(await best(() => hanko.authenticate(text)));
    }
    assert.ok(took[1] < MOST_MS, `${took[1]} ms`);
    assert.ok(took[1] < took[0] * 4 * 2.5 + 0.1, `${took[0]} ms and ${took[1]} ms`);
  });
}
