/** `revocations`: asked in every mode and by verifySession, before any yes; a list that fails decides nothing. */
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { createHanko } from "hanko-edge";
import { contained } from "./support/faults.mjs";
import { clientOf, serverWithSession, signedOut, unavailable } from "./support/hanko.mjs";

const TIMEOUT = 400;

let known;
before(async () => (known = await serverWithSession()));

const list = (isRevoked) => ({ isRevoked, revoke() {}, revokeUser() {} });

const SIGNED_IN = { status: "signed-in", code: undefined };
const ENDED = signedOut("session_ended");
const UNKNOWN = unavailable("internal_error");

/** How a list can answer, and what comes of it. */
const ROWS = [
  ["false", () => false, SIGNED_IN],
  ["a promise of false", async () => false, SIGNED_IN],
  ["true", () => true, ENDED],
  ["a promise of true", async () => true, ENDED],
  [
    "an error",
    () => {
      throw new Error("broken");
    },
    UNKNOWN,
  ],
  [
    "an undefined thrown",
    () => {
      throw undefined;
    },
    UNKNOWN,
  ],
  ["a rejection", () => Promise.reject(new Error("broken")), UNKNOWN],
  ["a rejection without a reason", () => Promise.reject(), UNKNOWN],
  ["nothing for ever", () => new Promise(() => {}), UNKNOWN],
  ["undefined", () => undefined, UNKNOWN],
  ["null", () => null, UNKNOWN],
  ["a number", () => 0, UNKNOWN],
  ["a text", () => "false", UNKNOWN],
  [
    "a thenable that throws",
    () => ({
      then() {
        throw new Error("broken");
      },
    }),
    UNKNOWN,
  ],
  [
    "a rejection after the deadline",
    () => new Promise((_, reject) => setTimeout(reject, TIMEOUT, new Error("late")).unref()),
    UNKNOWN,
  ],
];

for (const [name, isRevoked, expected] of ROWS) {
  for (const mode of ["local", "remote", "hybrid"]) {
    for (const cacheSize of [0, 1000]) {
      test(`a list that answers ${name}: authenticate, ${mode}, cacheSize ${cacheSize}`, async () => {
        const warm = clientOf(known.server, { mode, cacheSize });
        assert.equal((await warm.authenticate(known.token)).status, "signed-in");
        const hanko = clientOf(known.server, { mode, cacheSize, timeout: TIMEOUT, revocations: list(isRevoked) });
        const { status, code } = await contained(TIMEOUT, () => hanko.authenticate(known.token));
        assert.deepEqual({ status, code }, expected);
      });
    }
  }
  test(`a list that answers ${name}: verifySession`, async () => {
    const hanko = clientOf(known.server, { timeout: TIMEOUT, revocations: list(isRevoked) });
    const result = await contained(TIMEOUT, () => hanko.verifySession(known.token).catch((error) => error));
    assert.equal(result.code, expected.code);
    assert.equal(result.userId, expected === SIGNED_IN ? known.userId : undefined);
  });
}

test("it is told the session, the user and the times", async () => {
  const seen = [];
  const hanko = clientOf(known.server, { revocations: list((session) => (seen.push(session), false)) });
  const { expiresAt, claims } = await hanko.authenticate(known.token);
  const issuedAt = new Date(claims.issued_at);
  assert.deepEqual(seen, [{ sessionId: known.sessionId, userId: known.userId, issuedAt, expiresAt }]);
});

test("without iat there is no issuedAt", async () => {
  const { token } = await known.server.createSession(known.userId, { claims: { iat: undefined } });
  const seen = [];
  const hanko = clientOf(known.server, { revocations: list((session) => (seen.push(session), false)) });
  assert.equal((await hanko.authenticate(token)).status, "signed-in");
  assert.equal(seen.length, 1);
  assert.ok(!("issuedAt" in seen[0]));
});

for (const [name, answer] of [
  ["at once", () => false],
  ["later", async () => false],
]) {
  test(`a list that answers ${name} is asked once a call, the first time and after`, async () => {
    let asked = 0;
    const hanko = clientOf(known.server, { revocations: list(() => (asked++, answer())) });
    for (let call = 1; call <= 5; call++) {
      assert.equal((await hanko.authenticate(known.token)).status, "signed-in");
      assert.equal(asked, call);
    }
  });
}

test("a revoked session costs no request, and one of another person is still good", async () => {
  const other = await known.server.createSession(known.userId);
  const hanko = clientOf(known.server, {
    mode: "remote",
    revocations: list(({ sessionId }) => sessionId === known.sessionId),
  });
  assert.equal((await hanko.authenticate(other.token)).status, "signed-in");
  const sent = known.server.requests.length;
  assert.equal((await hanko.authenticate(known.token)).code, "session_ended");
  assert.equal(known.server.requests.length, sent);
});

test("it is not asked about what is not valid", async () => {
  let asked = 0;
  const hanko = clientOf(known.server, { revocations: list(() => (asked++, false)) });
  const forged = known.token.replace(/\.[^.]*$/, `.${"A".repeat(342)}`);
  assert.equal((await hanko.authenticate(forged)).code, "signature_invalid");
  assert.equal(asked, 0);
});

test("with 20 cookies a list that hangs does not use up more than the deadline", async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => known.server.createSession(known.userId)));
  const headers = new Headers({ cookie: made.map(({ cookie }) => cookie).join("; ") });
  const hanko = clientOf(known.server, { timeout: TIMEOUT, revocations: list(() => new Promise(() => {})) });
  const { status } = await contained(TIMEOUT, () => hanko.authenticate(headers));
  assert.equal(status, "unavailable");
});

test("what is no list is config_invalid", () => {
  for (const revocations of [null, {}, { isRevoked() {} }, () => false, new Set()]) {
    assert.throws(() => createHanko({ apiUrl: "https://x.hanko.test", revocations }), { code: "config_invalid" });
  }
});
