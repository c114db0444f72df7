import { createTestHanko } from "hanko-edge/testing";

/** More than a client remembers by default (`cacheSize` 1000): asked in turn, every one of them is new each time. */
const NEW_TOKENS = 1100;
const FORGED_TOKENS = 200;
const AT_ONCE = 50;

/**
 * A key document and session tokens as Hanko issues them, RS256 with 4096 bits, and forged ones.
 *
 * @returns {Promise<{ apiUrl: string, jwks: string, tokens: string[], forged: { signature: string[], alg: string[] } }>}
 */
export async function createFixture({ tokens: count = NEW_TOKENS } = {}) {
  const server = await createTestHanko({ keyBits: 4096, lifespan: 86400 });
  const address = "ada@example.com";
  const emails = [{ id: crypto.randomUUID(), address, is_verified: true, is_primary: true }];
  const user = await server.createUser({ username: "ada", email: address, emails });
  const tokens = [];
  while (tokens.length < count) {
    const sessions = Array.from({ length: Math.min(AT_ONCE, count - tokens.length) }, () =>
      server.createSession(user.user_id),
    );
    for (const { token } of await Promise.all(sessions)) tokens.push(token);
  }
  const jwks = await (await server.fetch(`${server.apiUrl}/.well-known/jwks.json`)).text();
  const few = tokens.slice(0, FORGED_TOKENS);
  return {
    apiUrl: server.apiUrl,
    jwks,
    tokens,
    forged: { signature: few.map(withOtherPerson), alg: few.map(withoutAlgorithm) },
  };
}

/** Another person under a real signature: only the signature shows it. */
function withOtherPerson(token) {
  const [header, payload, signature] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  return [header, encode({ ...claims, sub: crypto.randomUUID() }), signature].join(".");
}

function withoutAlgorithm(token) {
  const [header, payload, signature] = token.split(".");
  const parsed = JSON.parse(Buffer.from(header, "base64url"));
  return [encode({ ...parsed, alg: "none" }), payload, signature].join(".");
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
