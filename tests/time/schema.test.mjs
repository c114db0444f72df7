/** `claimsSchema`: the custom claims, after everything else; whatever the schema does, the call settles and says so. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { before, test } from "node:test";

import { createHanko } from "hanko-edge";
import { contained } from "./support/faults.mjs";
import { clientOf, serverWithSession, signedOut, unavailable } from "./support/hanko.mjs";

const TIMEOUT = 400;

let known;
before(async () => {
  known = await serverWithSession({ customClaims: { role: "admin", level: 3 } });
  await clientOf(known.server).authenticate(known.token);
});

const schema = (validate) => ({ "~standard": { version: 1, vendor: "test", validate } });

/** How a schema can answer, and what comes of it: the role shown, or how the call ends. */
const ROWS = [
  ["a value", (claims) => ({ value: { ...claims, role: "seen" } }), "seen"],
  ["a promise of a value", async (claims) => ({ value: { ...claims, role: "later" } }), "later"],
  ["empty issues that are absent", (claims) => ({ value: claims, issues: undefined }), "admin"],
  ["issues", () => ({ issues: [{ message: "no" }] }), signedOut("claims_malformed")],
  ["no issue in a list of issues", () => ({ issues: [] }), signedOut("claims_malformed")],
  ["a promise of issues", async () => ({ issues: [{ message: "no" }] }), signedOut("claims_malformed")],
  ["a value and issues", (value) => ({ value, issues: [{ message: "no" }] }), signedOut("claims_malformed")],
  [
    "an error",
    () => {
      throw new Error("broken");
    },
    unavailable("internal_error"),
  ],
  [
    "an undefined thrown",
    () => {
      throw undefined;
    },
    unavailable("internal_error"),
  ],
  ["a rejection", () => Promise.reject(new Error("broken")), unavailable("internal_error")],
  ["nothing for ever", () => new Promise(() => {}), unavailable("internal_error")],
  ["undefined", () => undefined, unavailable("internal_error")],
  ["null", () => null, unavailable("internal_error")],
  ["a text", () => "yes", unavailable("internal_error")],
  ["a value that is no object", () => ({ value: 7 }), unavailable("internal_error")],
  ["a value that is null", () => ({ value: null }), unavailable("internal_error")],
  [
    "a value that cannot be read",
    () => ({
      get value() {
        throw new Error("broken");
      },
    }),
    unavailable("internal_error"),
  ],
  [
    "a value with a member that cannot be read",
    () => ({
      value: {
        get role() {
          throw new Error("broken");
        },
      },
    }),
    unavailable("internal_error"),
  ],
  [
    "a thenable that throws",
    () => ({
      then() {
        throw new Error("broken");
      },
    }),
    unavailable("internal_error"),
  ],
  [
    "a rejection after the deadline",
    () => new Promise((_, reject) => setTimeout(reject, TIMEOUT, new Error("late")).unref()),
    unavailable("internal_error"),
  ],
];

for (const [name, validate, expected] of ROWS) {
  for (const mode of ["local", "remote", "hybrid"]) {
    test(`a schema that gives ${name}: authenticate, ${mode}`, async () => {
      const hanko = clientOf(known.server, { mode, timeout: TIMEOUT, claimsSchema: schema(validate) });
      const auth = await contained(TIMEOUT, () => hanko.authenticate(known.token));
      if (typeof expected === "string") assert.equal(auth.claims?.role, expected);
      else assert.deepEqual({ status: auth.status, code: auth.code }, expected);
    });
  }
  for (const method of ["verifySession", "validateSession"]) {
    test(`a schema that gives ${name}: ${method}`, async () => {
      const hanko = clientOf(known.server, { timeout: TIMEOUT, claimsSchema: schema(validate) });
      const called = contained(TIMEOUT, () => hanko[method](known.token).catch((error) => error));
      const result = await called;
      if (typeof expected === "string") assert.equal(result.claims?.role, expected);
      else assert.equal(result.code, expected.code);
    });
  }
}

test("one that takes a while has it, by every way, however long the process has run", async () => {
  const timeout = 2000;
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  await pause(Math.max(0, 2 * timeout - performance.now()));
  const validate = async (value) => (await pause(20), { value: { ...value, role: "later" } });
  const hanko = clientOf(known.server, { timeout, claimsSchema: schema(validate) });
  for (const method of ["authenticate", "verifySession", "validateSession"])
    assert.equal((await hanko[method](known.token)).claims?.role, "later", method);
});

test("one that never ends has a quarter of the deadline", async () => {
  const hanko = clientOf(known.server, { timeout: 4000, claimsSchema: schema(() => new Promise(() => {})) });
  const began = performance.now();
  assert.equal((await hanko.authenticate(known.token)).code, "internal_error");
  const took = performance.now() - began;
  assert.ok(took > 900 && took < 3000, `${took} ms`);
});

test("the caller's signal ends it, by every way, and nothing listens on", async () => {
  const hanko = clientOf(known.server, { timeout: 8000, claimsSchema: schema(() => new Promise(() => {})) });
  for (const method of ["authenticate", "verifySession", "validateSession"]) {
    const signal = AbortSignal.timeout(200);
    const ended = await hanko[method](known.token, { signal }).catch((error) => error);
    assert.equal(ended.code, "request_aborted", method);
    assert.deepEqual(getEventListeners(signal, "abort"), [], method);
  }
});

test("it is shown the custom claims only, and cannot change Hanko's own", async () => {
  const seen = [];
  const validate = (claims) => {
    seen.push(claims);
    return { value: { subject: "another", session_id: "another", added: true } };
  };
  const hanko = clientOf(known.server, { claimsSchema: schema(validate) });
  const auth = await hanko.authenticate(known.token);
  assert.deepEqual(seen, [{ role: "admin", level: 3 }]);
  assert.deepEqual([auth.userId, auth.sessionId], [known.userId, known.sessionId]);
  assert.deepEqual([auth.claims.subject, auth.claims.session_id], [known.userId, known.sessionId]);
  assert.deepEqual([auth.claims.added, auth.claims.role], [true, undefined]);
});

test("none of Hanko's own claims is shown, or replaced", async () => {
  const { server, userId } = known;
  const email = { address: "ada@example.com", is_primary: true, is_verified: true };
  const claims = {
    role: "admin",
    amr: ["pwd"],
    iss: "https://issuer.example",
    username: "ada",
    email,
    level: undefined,
  };
  const { token } = await server.createSession(userId, { claims });
  const own = (await clientOf(server).verifySession(token)).claims;
  const names = "amr audience email expiration issued_at issuer role session_id subject username";
  assert.equal(Object.keys(own).sort().join(" "), names);
  const seen = [];
  const replacing = (custom) => {
    seen.push(custom);
    return { value: Object.fromEntries(names.split(" ").map((name) => [name, "another"])) };
  };
  const hanko = clientOf(server, { claimsSchema: schema(replacing) });
  for (const method of ["authenticate", "verifySession", "validateSession"]) {
    const { role, ...rest } = (await hanko[method](token)).claims;
    assert.deepEqual({ ...rest, role: "admin" }, own, method);
    assert.equal(role, "another", method);
  }
  assert.deepEqual(seen, Array(3).fill({ role: "admin" }));
});

test("one that comes late has what is left of the deadline, and no quarter more", async () => {
  const { server, token } = await serverWithSession();
  server.break({ delayMs: 3600 }, "/.well-known");
  let asked;
  const never = () => ((asked = performance.now()), new Promise(() => {}));
  const hanko = clientOf(server, { timeout: 4000, claimsSchema: schema(never) });
  await assert.rejects(hanko.verifySession(token), { code: "internal_error", kind: "unavailable" });
  const lasted = performance.now() - asked;
  assert.ok(lasted < 650, `${lasted} ms, where 400 were left`);
});

test("it is not asked about what is not valid", async () => {
  let asked = 0;
  const validate = (value) => (asked++, { value });
  const hanko = clientOf(known.server, { claimsSchema: schema(validate) });
  const forged = known.token.replace(/\.[^.]*$/, `.${"A".repeat(342)}`);
  assert.equal((await hanko.authenticate(forged)).code, "signature_invalid");
  await assert.rejects(hanko.verifySession(forged), { code: "signature_invalid" });
  const { token, sessionId } = await known.server.createSession(known.userId);
  known.server.revokeSession(sessionId);
  assert.deepEqual(await hanko.validateSession(token), { is_valid: false });
  assert.equal(asked, 0);
});

test("an issue with a remembered token is found on every call", async () => {
  let good = true;
  const hanko = clientOf(known.server, {
    claimsSchema: schema((value) => (good ? { value } : { issues: [{ message: "no" }] })),
  });
  assert.equal((await hanko.authenticate(known.token)).status, "signed-in");
  good = false;
  assert.equal((await hanko.authenticate(known.token)).code, "claims_malformed");
});

test("what is no Standard Schema of version 1 is config_invalid", () => {
  const wrong = [null, {}, () => {}, { "~standard": {} }, { "~standard": { version: 2, validate() {} } }, "zod"];
  for (const claimsSchema of wrong) {
    assert.throws(() => createHanko({ apiUrl: "https://x.hanko.test", claimsSchema }), { code: "config_invalid" });
  }
});
