/** The package and its peers, each warm: the keys are at hand before anything is measured. Runs in every runtime. */
import { createHanko, decodeToken } from "hanko-edge";
import { memoryRevocations } from "hanko-edge/stores";
import { Hono } from "hono";
import { jwk } from "hono/jwk";
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";

/** What both may say of a token: RS256 only, 5 seconds of tolerance. */
const JOSE_OPTIONS = { algorithms: ["RS256"], clockTolerance: 5 };

/**
 * @param {{ apiUrl: string, jwks: string }} fixture
 * @param {object} [more] further options of the client
 */
export function hankoOf({ apiUrl, jwks }, more) {
  const hanko = createHanko({ apiUrl, mode: "local", fetch: async () => new Response(jwks), ...more });
  return {
    verify: (token) => hanko.verifySession(token),
    authenticate: (request) => hanko.authenticate(request),
    decode: decodeToken,
  };
}

/** As {@link hankoOf}, with the list of one process: it holds 10000 other sessions, and that of the last token. */
export function listedOf(fixture) {
  const revocations = memoryRevocations();
  const until = new Date(Date.now() + 86_400_000);
  const ended = decodeToken(fixture.tokens.at(-1)).claims.session_id;
  for (const id of [ended, ...Array.from({ length: 10_000 }, () => crypto.randomUUID())]) revocations.revoke(id, until);
  return hankoOf(fixture, { revocations });
}

/** @param {{ apiUrl: string, jwks: string }} fixture */
export function joseOf({ apiUrl, jwks }) {
  const url = new URL(`${apiUrl}/.well-known/jwks.json`);
  const keys = createRemoteJWKSet(url, { [customFetch]: async () => new Response(jwks) });
  const verify = (token) => jwtVerify(token, keys, JOSE_OPTIONS);
  return {
    verify,
    authenticate: (request) => verify(request.headers.get("authorization").slice("Bearer ".length)),
    decode: (token) => ({ header: decodeProtectedHeader(token), payload: decodeJwt(token) }),
  };
}

/** The keys are given: by `jwks_uri` it would fetch them for every request. */
export function honoOf({ jwks }) {
  const app = new Hono();
  app.use(jwk({ keys: JSON.parse(jwks).keys, alg: ["RS256"] }));
  app.get("/", (context) => context.text(context.get("jwtPayload").sub));
  return { authenticate: (request) => app.fetch(request) };
}

/** `crypto.subtle.verify` and nothing else: the key is imported, the token is cut and decoded already. */
export async function rawOf({ jwks }) {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const [jwkOfKey] = JSON.parse(jwks).keys;
  const key = await crypto.subtle.importKey("jwk", jwkOfKey, algorithm, false, ["verify"]);
  return {
    prepare: (token) => {
      const [header, payload, signature] = token.split(".");
      const text = atob(signature.replaceAll("-", "+").replaceAll("_", "/"));
      return {
        signature: Uint8Array.from(text, (c) => c.charCodeAt(0)),
        signed: new TextEncoder().encode(`${header}.${payload}`),
      };
    },
    verify: ({ signature, signed }) => crypto.subtle.verify(algorithm.name, key, signature, signed),
  };
}
