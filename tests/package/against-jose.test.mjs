/**
 * Random changes to good tokens, signed anew or not: what jose refuses is refused here too, and what both accept says the same.
 * `HANKO_EDGE_MUTANTS` says how many, `HANKO_EDGE_SEED` which.
 */
import assert from "node:assert/strict";
import { createSign, generateKeyPairSync } from "node:crypto";
import { before, test } from "node:test";

import { createHanko, decodeToken } from "hanko-edge";
import { createLocalJWKSet, jwtVerify } from "jose";
import { seeded } from "../time/support/random.mjs";

const MUTANTS = Number(process.env.HANKO_EDGE_MUTANTS ?? 10_000);
const KID = "3c278abd-c44c-401a-b134-b1947fe2d988";
const NOW = Math.floor(Date.now() / 1000);
const HEADER = { alg: "RS256", kid: KID, typ: "JWT" };
const CLAIMS = {
  amr: ["pwd"],
  aud: ["localhost"],
  email: { address: "ada@example.com", is_primary: true, is_verified: true },
  exp: NOW + 86_400,
  iat: NOW - 60,
  session_id: "2b25b8be-1c2d-4e3f-8a9b-0c1d2e3f4a5b",
  sub: "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34",
};

const ALGORITHMS = ["RS256", "RS512", "PS256", "HS256", "none", "rs256", null, ["RS256"], 1];
const TIMES = [NOW + 7200, NOW - 7200, NOW + 7200.5, 1e300, -1, 0, "9999999999", null, [NOW + 7200], true];
const VALUES = [
  "",
  "x",
  null,
  0,
  -0,
  1.5,
  true,
  {},
  [],
  ["exp"],
  ["b64"],
  "JWT",
  "at+jwt",
  KID,
  CLAIMS.sub,
  "\ud800",
  "\u0000",
];
const NAMES = [
  "alg",
  "kid",
  "typ",
  "cty",
  "crit",
  "b64",
  "jwk",
  "exp",
  "nbf",
  "iat",
  "sub",
  "session_id",
  "aud",
  "iss",
  "x",
];
const CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_..==+/ \n\0\u00e9";
/** Of the JSON of a part. */
const INSERTED = [
  '"',
  "\\",
  "{",
  "}",
  "[",
  ",",
  ":",
  " ",
  "0",
  "e9",
  "-",
  "\n",
  "\u0000",
  "\\u0065",
  '"x":1,',
  `"exp":1,`,
];

/** More is asked of a session token than of a JWT: its claims, one spelling, no name twice, no extension, an `iat` that has come. */
const STRICTER = [
  "claim_missing",
  "claims_malformed",
  "header_unsupported",
  "kid_missing",
  "not_session_token",
  "token_malformed",
  "token_not_active",
];

const random = seeded(Number(process.env.HANKO_EDGE_SEED ?? 20_261_126));
const below = (end) => Math.floor(random() * end);
const pick = (list) => list[below(list.length)];
const encode = (text) => Buffer.from(text).toString("base64url");

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwks = { keys: [{ ...publicKey.export({ format: "jwk" }), alg: "RS256", kid: KID, use: "sig" }] };
const keySet = createLocalJWKSet(jwks);
const hanko = createHanko({ apiUrl: "https://hanko.test", mode: "local", fetch: async () => Response.json(jwks) });

function sign(header, payload) {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createSign("RSA-SHA256").update(input).sign(privateKey, "base64url")}`;
}

/** A member more, or with another value. */
function withMember(members, names) {
  const name = pick(names);
  const values = { alg: ALGORITHMS, exp: TIMES, nbf: TIMES, iat: TIMES }[name] ?? VALUES;
  return { ...members, [name]: pick(values) };
}

function withInsertion(json) {
  const at = below(json.length + 1);
  return json.slice(0, at) + pick(INSERTED) + json.slice(at + below(2));
}

function signedMutant() {
  let [header, claims] = [HEADER, CLAIMS];
  for (let changes = below(3); changes >= 0; changes--) {
    if (below(3) === 0) header = withMember(header, NAMES);
    else claims = withMember(claims, NAMES.slice(5));
  }
  const texts = [JSON.stringify(header), JSON.stringify(claims)];
  const at = below(6);
  if (at < 2) texts[at] = withInsertion(texts[at]);
  return sign(...texts);
}

function withOtherText(token) {
  const at = below(4) === 0 ? token.length - 1 : below(token.length);
  const character = pick(CHARACTERS);
  return token.slice(0, at) + pick([character, character, "", character + token[at]]) + token.slice(at + 1);
}

function withOtherByte(token) {
  const parts = token.split(".");
  const at = below(3);
  const bytes = Buffer.from(parts[at], "base64url");
  bytes[below(bytes.length)] ^= 1 << below(8);
  parts[at] = encode(bytes);
  return parts.join(".");
}

/** One in eight is signed: whoever owns no key comes no further than the signature. */
function mutant(good) {
  if (below(8) === 0) return { token: signedMutant(), isSigned: true };
  return { token: (below(2) === 0 ? withOtherText : withOtherByte)(good), isSigned: false };
}

async function ours(token) {
  return hanko.verifySession(token).catch((error) => {
    assert.equal(error.name, "HankoError", error);
    assert.equal(error.kind, "denied", error.code);
    return error;
  });
}

/** jose's payload, or nothing where it refuses. */
async function theirs(token) {
  const options = { algorithms: ["RS256"], clockTolerance: 5 };
  return jwtVerify(token, keySet, options).then(
    ({ payload }) => payload,
    () => undefined,
  );
}

function isSame(session, payload, token) {
  assert.deepEqual(decodeToken(token).payload, payload);
  assert.deepEqual([session.userId, session.sessionId], [payload.sub, payload.session_id]);
  assert.equal(session.expiresAt.getTime(), Math.floor(payload.exp * 1000));
}

before(() => hanko.reloadKeys());

test(`what jose refuses of ${MUTANTS} mutants is refused`, { timeout: 3_600_000 }, async () => {
  const good = sign(JSON.stringify(HEADER), JSON.stringify(CLAIMS));
  const counted = { bothAccept: 0, bothRefuse: 0, stricter: {} };
  for (let number = 0; number < MUTANTS; number++) {
    const { token, isSigned } = mutant(good);
    const [session, payload] = [await ours(token), await theirs(token)];
    const accepted = !(session instanceof Error);
    const where = `mutant ${number}: ${token}`;
    if (token !== good && accepted) assert.ok(isSigned, `${where} is accepted, and nobody signed it`);
    if (accepted) {
      assert.ok(payload, `${where} is accepted, and jose refuses it`);
      isSame(session, payload, token);
      counted.bothAccept += 1;
    } else if (payload === undefined) counted.bothRefuse += 1;
    else counted.stricter[session.code] = (counted.stricter[session.code] ?? 0) + 1;
  }
  console.log(counted);
  assert.ok(counted.bothAccept > MUTANTS / 50, "too few that both accept");
  assert.ok(counted.bothRefuse > MUTANTS / 2, "too few that both refuse");
  const codes = Object.keys(counted.stricter);
  assert.ok(codes.length > 3 && codes.every((code) => STRICTER.includes(code)), "stricter than jose in other ways");
});
