import { assertHankoError, failureOf } from "../support/outcomes.mjs";
import { CANARY, WRONG } from "../support/wrong-options.mjs";

const GOOD = { apiUrl: "https://misuse.hanko.test" };

export function misuse(QUnit, { hanko, testing }) {
  QUnit.module("misuse");

  const configure = (options) => () => hanko.createHanko(options);

  for (const [name, values] of Object.entries(WRONG)) {
    QUnit.test(`option ${name} refuses ${values.length} wrong values`, async (assert) => {
      for (const value of values) {
        const error = await failureOf(assert, configure({ ...GOOD, [name]: value }), `${name}: ${describe(value)}`);
        assertHankoError(assert, hanko, error, ["config_invalid"], [CANARY]);
        assert.true(error === undefined || error.message.includes(name), `names ${name}`);
      }
    });
  }

  QUnit.test("an unknown option is an error, an absent or undefined one is none", async (assert) => {
    for (const name of ["apiURL", "apiurl", "api_url", "tokens", "constructor", "toString"]) {
      const error = await failureOf(assert, configure({ ...GOOD, [name]: CANARY }), name);
      assertHankoError(assert, hanko, error, ["config_invalid"], [CANARY]);
      assert.true(error?.message.includes(name), `names ${name}`);
    }
    const undefinedOnes = Object.fromEntries(Object.keys(WRONG).map((name) => [name, undefined]));
    assert.strictEqual(typeof hanko.createHanko({ ...undefinedOnes, ...GOOD }).authenticate, "function");
  });

  QUnit.test("a bigint is told what the option takes", async (assert) => {
    const takes = {
      cookieName: "a text",
      timeout: "a whole number",
      mode: "local, remote or hybrid",
      onEvent: "a function",
    };
    for (const [name, what] of Object.entries(takes)) {
      const { message } = await failureOf(assert, configure({ ...GOOD, [name]: 1000n }));
      assert.true(message.includes(what), message);
    }
  });

  QUnit.test("a secret in the place of a name is not shown", async (assert) => {
    const error = await failureOf(assert, configure({ ...GOOD, [`${CANARY} eyJhbGciOi`]: 1 }));
    assertHankoError(assert, hanko, error, ["config_invalid"], [CANARY]);
  });

  QUnit.test("the options are an object with an apiUrl", async (assert) => {
    for (const options of [undefined, null, CANARY, 1, [], () => {}, {}]) {
      const error = await failureOf(assert, configure(options), describe(options));
      assertHankoError(assert, hanko, error, ["config_invalid", "argument_invalid"], [CANARY]);
    }
  });

  QUnit.test("every good value at the edge of its range is taken", (assert) => {
    const edges = {
      clockTolerance: [0, 300],
      maxTokenLength: [256, 65536],
      revalidateAfter: [1, 3600],
      timeout: [100, 30000],
    };
    Object.assign(edges, { outageGrace: [0, 86400], keysMaxStale: [0, 86400], cacheSize: [0, 100000] });
    Object.assign(edges, {
      mode: ["local", "remote", "hybrid"],
      audience: ["a", ["a", "b"]],
      cookieName: ["__Host-hanko"],
    });
    Object.assign(edges, {
      onEvent: [() => {}],
      fetch: [fetch, { fetch }],
      allowInsecure: [true, false],
      issuer: ["i"],
    });
    for (const [name, values] of Object.entries(edges)) {
      for (const value of values)
        assert.strictEqual(typeof hanko.createHanko({ ...GOOD, [name]: value }), "object", name);
    }
  });

  QUnit.test("changing the options afterwards changes nothing", async (assert) => {
    const test = await testing.createTestHanko();
    const { token } = await test.createSession((await test.createUser()).user_id);
    const options = { apiUrl: test.apiUrl, fetch: test.fetch, audience: ["localhost"] };
    const client = hanko.createHanko(options);
    const { aud } = hanko.decodeToken(token).payload;
    options.apiUrl = "https://elsewhere.example";
    options.audience.splice(0, 1, "another");
    const auth = await client.authenticate(token, { mode: "local" });
    assert.strictEqual(auth.code ?? auth.status, aud.includes("localhost") ? "signed-in" : "claim_mismatch");
  });

  /** Every call with each wrong argument: `argument_invalid`, and a promise rejects, it does not throw. */
  const client = hanko.createHanko({ ...GOOD, fetch: () => Promise.reject(new Error("no request is due")) });
  const arguments_ = [
    123,
    null,
    {},
    [],
    true,
    1n,
    Symbol("s"),
    () => CANARY,
    { token: CANARY },
    new URL(`https://x.example/${CANARY}`),
    // They have a `get`, as a framework's cookies have, and are no Headers.
    new Map([["authorization", `Bearer ${CANARY}`]]),
    { get: (name) => (name === "cookie" ? { name, value: CANARY } : undefined) },
    { headers: new Map() },
    { headers: null },
    { get: () => 1 },
  ];
  const promised = {
    authenticate: [...arguments_, undefined],
    verifySession: [...arguments_, undefined, new Headers()],
    validateSession: [...arguments_, new Headers()],
  };

  for (const [name, values] of Object.entries(promised)) {
    QUnit.test(`${name} rejects what it does not take`, async (assert) => {
      for (const value of values) {
        const promise = client[name](value);
        assert.true(promise instanceof Promise, "a promise");
        assertHankoError(
          assert,
          hanko,
          await failureOf(assert, () => promise, describe(value)),
          ["argument_invalid"],
          [CANARY],
        );
      }
    });

    QUnit.test(`${name} rejects wrong options of a call`, async (assert) => {
      const wrong = [
        { signal: 1 },
        { signal: {} },
        { signal: { aborted: false } },
        { signal: { addEventListener() {} } },
        { signal: null },
        { waitUntil: 1 },
        { unknown: CANARY },
        1,
        CANARY,
        null,
        [],
      ];
      if (name === "authenticate") wrong.push({ mode: CANARY }, { mode: 1 }, { mode: null });
      for (const options of wrong) {
        const error = await failureOf(assert, () => client[name]("a.b.c", options), describe(options));
        assertHankoError(assert, hanko, error, ["argument_invalid"], [CANARY]);
      }
    });
  }

  QUnit.test("reloadKeys rejects wrong options of a call", async (assert) => {
    for (const options of [{ signal: 1 }, { unknown: CANARY }, CANARY]) {
      assertHankoError(
        assert,
        hanko,
        await failureOf(assert, () => client.reloadKeys(options)),
        ["argument_invalid"],
        [CANARY],
      );
    }
  });

  QUnit.test("decodeToken and readToken throw at once", async (assert) => {
    for (const value of [...arguments_, undefined]) {
      for (const call of [() => hanko.decodeToken(value), () => hanko.readToken(value)]) {
        assertHankoError(assert, hanko, await failureOf(assert, call, describe(value)), ["argument_invalid"], [CANARY]);
      }
    }
    for (const options of [
      { cookieName: 1 },
      { cookieName: `${CANARY};` },
      { maxTokenLength: 1 },
      { unknown: CANARY },
      [],
      null,
    ]) {
      const error = await failureOf(assert, () => hanko.readToken(new Headers(), options), describe(options));
      assertHankoError(assert, hanko, error, ["config_invalid", "argument_invalid"], [CANARY]);
    }
  });

  QUnit.test("a message names the argument, and none of its value", async (assert) => {
    for (const [name, ...calls] of [
      ["the first argument", () => client.authenticate(1), () => hanko.readToken(1), () => hanko.denyResponse({})],
      ["the token", () => client.verifySession(1), () => client.validateSession(1), () => hanko.decodeToken(1)],
      ["the body", () => client.verifyWebhook(1)],
      ["the user's id", () => client.getUser(1)],
      ["options", () => client.reloadKeys(1), () => client.reloadKeys({ mode: 1 })],
      ["options.mode", () => client.authenticate("a.b.c", { mode: CANARY })],
      ["options.signal", () => client.reloadKeys({ signal: CANARY })],
      ["options.waitUntil", () => client.reloadKeys({ waitUntil: CANARY })],
    ]) {
      for (const call of calls) {
        const error = await failureOf(assert, call, name);
        assertHankoError(assert, hanko, error, ["argument_invalid"], [CANARY]);
        assert.true(error.message.startsWith(`${name} must be `), error.message);
      }
    }
    const { message } = await failureOf(assert, () => client.authenticate("a.b.c", { unknown: CANARY }));
    assert.true(message.endsWith(" made of signal, waitUntil, mode"), message);
  });

  QUnit.test("an empty token is token_malformed, and costs no request", async (assert) => {
    const token = "";
    const { verifySession, validateSession, ...methods } = client;
    for (const call of [
      () => verifySession(token),
      () => validateSession(token),
      () => methods.logout({ token }),
      () => methods.getCurrentUser({ token }),
      () => methods.patchUnsafeMetadata({}, { token }),
    ])
      assertHankoError(assert, hanko, await failureOf(assert, call), ["token_malformed"]);
  });

  QUnit.test("the methods of a client may be taken from it", async (assert) => {
    const { authenticate, verifySession } = client;
    assert.strictEqual((await authenticate(new Headers())).code, "token_missing");
    assertHankoError(assert, hanko, await failureOf(assert, () => verifySession("a.b")), ["token_malformed"]);
  });
}

function describe(value) {
  try {
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  } catch {
    return typeof value;
  }
}
