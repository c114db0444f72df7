/** Many calls at once, and clients made in each: what they cost together. */
export function herd(QUnit, { hanko, testing }) {
  const HERD = 1000;
  let test;
  let token;

  QUnit.module("many calls at once", {
    async beforeEach() {
      test = await testing.createTestHanko();
      token = (await test.createSession((await test.createUser()).user_id)).token;
      test.break({ delayMs: 50 });
    },
  });

  const create = (mode) => hanko.createHanko({ apiUrl: test.apiUrl, fetch: test.fetch, mode });
  const paths = () => test.requests.map(({ path }) => path.split("?")[0]);
  const ASK = "/sessions/validate";
  const KEYS = "/.well-known/jwks.json";

  /** So many calls at once, by one client or each by its own. */
  async function together(assert, clientOf, count = HERD) {
    const auths = await Promise.all(Array.from({ length: count }, () => clientOf().authenticate(token)));
    assert.strictEqual(auths.filter(({ status }) => status === "signed-in").length, count);
  }

  QUnit.test(`F19 ${HERD} calls at once, cold: one request`, async (assert) => {
    const client = create("local");
    await together(assert, () => client);
    assert.deepEqual(paths(), [KEYS]);
  });

  QUnit.test(`${HERD} calls at once, each by a client of its own: one request`, async (assert) => {
    await together(assert, () => create("local"));
    assert.deepEqual(paths(), [KEYS]);
  });

  QUnit.test(`${HERD} calls at once about a session that nobody has asked about: one ask`, async (assert) => {
    await create("local").authenticate(token);
    await together(assert, () => create("hybrid"));
    assert.deepEqual(paths(), [KEYS, ASK]);
  });

  QUnit.test("more signatures at once than the core keeps in mind: each call has its answer", async (assert) => {
    const client = create("local");
    await client.reloadKeys();
    const MANY = HERD + 100;
    const forged = token.replace(/[^.]*$/, "A".repeat(342));
    for (const [text, code] of [
      [forged, "signature_invalid"],
      [token, undefined],
    ]) {
      const auths = await Promise.all(Array.from({ length: MANY }, () => client.authenticate(text)));
      assert.strictEqual(auths.filter((auth) => auth.code === code).length, MANY);
    }
    const another = (await test.createSession((await test.createUser()).user_id)).token;
    const sessions = await Promise.all(Array.from({ length: MANY }, () => client.verifySession(another)));
    assert.strictEqual(sessions.filter(({ userId }) => userId).length, MANY);
    assert.deepEqual(paths(), [KEYS]);
  });

  QUnit.test("in remote each call asks", async (assert) => {
    const client = create("remote");
    await client.authenticate(token);
    await together(assert, () => client, 20);
    assert.deepEqual(paths(), [KEYS, ...Array(21).fill(ASK)]);
  });

  QUnit.test("a client made in each of 100 calls, one after the other, is as warm as one kept", async (assert) => {
    for (let call = 0; call < 100; call += 1) {
      assert.strictEqual((await create("hybrid").authenticate(token)).status, "signed-in");
    }
    assert.deepEqual(paths(), [KEYS, ASK]);
  });

  QUnit.test(
    "two tenants whose keys have one name, 1000 calls in turn: nobody is let in to the other",
    async (assert) => {
      const tenants = await Promise.all([tenantWithKid("the-same"), tenantWithKid("the-same")]);
      const outcomes = {};
      for (let call = 0; call < 250; call += 1) {
        const pairs = [0, 1].flatMap((at) => [
          [tenants[at], tenants[at], "signed-in"],
          [tenants[at], tenants[1 - at], "signature_invalid"],
        ]);
        const auths = await Promise.all(pairs.map(([{ client }, { token }]) => client.authenticate(token)));
        for (const [at, auth] of auths.entries()) {
          const outcome = `${pairs[at][2]}: ${auth.code ?? auth.status}`;
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        }
      }
      assert.deepEqual(outcomes, { "signed-in: signed-in": 500, "signature_invalid: signature_invalid": 500 });
    },
  );

  async function tenantWithKid(kid) {
    const server = await testing.createTestHanko();
    const { token } = await server.createSession((await server.createUser()).user_id, { header: { kid } });
    const fetch = async (request) => {
      const { keys } = await (await server.fetch(request)).json();
      return Response.json({ keys: keys.map((key) => ({ ...key, kid })) });
    };
    return { client: hanko.createHanko({ apiUrl: server.apiUrl, fetch, mode: "local" }), token };
  }
}
