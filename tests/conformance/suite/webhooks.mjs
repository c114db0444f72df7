import { at } from "../support/clock.mjs";
import { assertHankoError, assertNotSignedIn, failureOf } from "../support/outcomes.mjs";
import { asksOf, deliveriesOf } from "../support/recordings.mjs";
import { freshApiUrl, KEYS, keyDocument, serve } from "../support/servers.mjs";
import { sha256, withClaims } from "../support/tokens.mjs";

export function webhooks(QUnit, { hanko, testing, vectors }) {
  const deliveries = vectors.webhooks.flatMap(deliveriesOf);
  const names = new Set(deliveries.map(({ event }) => event));

  function clientFor(jwks, options) {
    const apiUrl = freshApiUrl("webhooks");
    const { fetch } = serve(apiUrl, { [KEYS]: keyDocument(jwks) });
    return hanko.createHanko({ apiUrl, fetch, mode: "local", clockTolerance: 0, ...options });
  }

  async function refused(assert, client, body, codes, secrets = []) {
    const error = await failureOf(assert, () => client.verifyWebhook(body), codes.join());
    assertHankoError(assert, hanko, error, codes, secrets);
  }

  QUnit.module("webhooks");

  for (const { name, body, token, event, at: now, payload, jwks } of deliveries) {
    QUnit.test(`${name}: ${event}`, async (assert) => {
      const client = clientFor(jwks, { audience: ["elsewhere", "localhost"], issuer: "nobody" });
      await at(now, async () => {
        const told = await client.verifyWebhook(body);
        const { iat, exp, data } = payload;
        const times = { issuedAt: new Date(iat * 1000), expiresAt: new Date(exp * 1000) };
        assert.deepEqual(told, { id: await sha256(token), event, data, ...times });
        assert.deepEqual(await client.verifyWebhook(JSON.parse(body)), told, "parsed");
        assert.deepEqual(await client.verifyWebhook(token), told, "the token alone");
        const other = JSON.stringify({ event: "user.delete.everything", token, data: {} });
        assert.deepEqual(await client.verifyWebhook(` \n${other}`), told, "what is not signed is not believed");
        const secrets = token.split(".");
        await refused(assert, client, withClaims(token, { evt: `${event}.all` }), ["signature_invalid"], secrets);
        await refused(assert, client, `${token.slice(0, -1)}!`, ["token_malformed"], secrets);
        assertNotSignedIn(assert, await client.authenticate(token), ["not_session_token"], secrets);
        const error = await failureOf(assert, () => client.verifySession(token));
        assertHankoError(assert, hanko, error, ["not_session_token"], secrets);
      });
      await at(payload.exp, () => refused(assert, client, body, ["token_expired"]));
    });
  }

  QUnit.test("every kind of event that was recorded was met", (assert) => {
    assert.strictEqual(deliveries.length, 59);
    assert.strictEqual(names.size, 17);
    for (const event of ["user.delete", "session.delete.explicit.logout", "session.delete.passive.expire"]) {
      assert.true(names.has(event), event);
    }
  });

  QUnit.test("no recorded session is a webhook", async (assert) => {
    const [{ jwks }] = vectors.recorded.flatMap(asksOf);
    const asks = vectors.recorded.flatMap(asksOf).filter((ask) => ask.jwks === jwks);
    const signed = asks.filter(({ response }) => response.status === 200 && JSON.parse(response.body).is_valid);
    const client = clientFor(jwks);
    let refusals = 0;
    for (const { token, at: now } of signed) {
      await at(now, async () => {
        const { code } = (await failureOf(assert, () => client.verifyWebhook({ token }))) ?? {};
        // Hanko takes spellings of a token that are none.
        if (code !== "token_malformed") refusals += 1;
        assert.true(["not_webhook_token", "token_malformed"].includes(code), `${code}`);
      });
    }
    assert.true(refusals >= 5, `${refusals} sessions`);
  });

  QUnit.test("of the attack tokens of other kinds the two true webhooks pass", async (assert) => {
    const { jwks, config, cases, now } = vectors.attackTokens;
    const client = clientFor(jwks, { audience: config.audience, issuer: config.issuer });
    const passed = [];
    for (const { id, token } of cases.filter(({ cat }) => cat === "token-type")) {
      const told = await at(now, () => client.verifyWebhook(token)).catch(({ code }) => code);
      if (typeof told === "object") passed.push(`${id} ${told.event}`);
      else assert.strictEqual(told, "not_webhook_token", id);
    }
    assert.deepEqual(passed, ["ATK-0297 user.update", "ATK-0298 user.update"]);
  });

  QUnit.test("what a person stored does not make his event unreadable", async (assert) => {
    const server = await testing.createTestHanko();
    const client = hanko.createHanko({ apiUrl: server.apiUrl, fetch: server.fetch });
    const id = crypto.randomUUID();
    const levels = (count) => `${"[".repeat(count)}${"]".repeat(count)}`;
    for (const stored of [levels(1400), levels(20_000), "1e400", '"\\ud800"', '{"__proto__":{"isAdmin":true}}']) {
      const data = `{"id":"${id}","metadata":{"unsafe_metadata":${stored}}}`;
      const told = await client.verifyWebhook(await server.createWebhook("user.delete", data));
      assert.strictEqual(told.data.id, id);
      const { unsafe_metadata: read } = told.data.metadata;
      if (stored === "1e400") assert.strictEqual(read, Infinity);
      if (stored.startsWith("[")) assert.strictEqual(depthOf(read), stored.length / 2);
      if (stored.startsWith("{")) assert.true(Object.hasOwn(read, "__proto__") && read.isAdmin === undefined);
    }
    assert.strictEqual({}.isAdmin, undefined, "no prototype is polluted");
  });

  QUnit.test("claims are strict, and each refusal has its code", async (assert) => {
    const server = await testing.createTestHanko();
    const client = hanko.createHanko({ apiUrl: server.apiUrl, fetch: server.fetch, audience: "localhost" });
    const [id, user_id] = [crypto.randomUUID(), crypto.randomUUID()];
    const make = (event, data, claims) => server.createWebhook(event, data, { claims });
    const session = { id, user_id };
    const rows = [
      ["not_webhook_token", make("user.delete", { id }, { sub: id })],
      ["not_webhook_token", make("user.delete", { id }, { session_id: id })],
      ["not_webhook_token", make("user.delete", { id }, { evt: "" })],
      ["claim_missing", make("user.delete", { id }, { iat: undefined })],
      ["claim_missing", make("user.delete", { id }, { exp: undefined })],
      ["claim_missing", make("user.delete", { id }, { aud: undefined })],
      ["claim_mismatch", make("user.delete", { id }, { aud: ["elsewhere"] })],
      ["token_expired", make("user.delete", { id }, { exp: 1 })],
      ["token_not_active", make("user.delete", { id }, { iat: Math.floor(Date.now() / 1000) + 60 })],
      ["claims_malformed", make("user.delete", { id }, { iat: "now" })],
      ["claims_malformed", make("user.delete", { id: "admin" })],
      ["claims_malformed", make("user.delete", {})],
      ["claims_malformed", make("session.delete.admin.revoke", { ...session, user_id: 1 })],
      ["claims_malformed", make("session.delete.admin.revoke", { ...session, id: id.toUpperCase() })],
    ];
    for (const [code, made] of rows) await refused(assert, client, await made, [code]);
    const told = await client.verifyWebhook(await make("an.event.of.tomorrow", ["a"]));
    assert.deepEqual([told.event, told.data], ["an.event.of.tomorrow", ["a"]]);
  });

  QUnit.test("a body without a token, and what is no body", async (assert) => {
    const client = clientFor({ keys: [] });
    for (const [code, ...bodies] of [
      ["token_missing", "{}", ' {"event":"user.delete"}', {}, Object.create({})],
      [
        "token_malformed",
        "",
        "x",
        "[]",
        "null",
        "{",
        '"{}"',
        '{"token":1}',
        '{"token":null}',
        { token: 1 },
        { token: "" },
      ],
      ["token_malformed", "x".repeat(262_144), { token: "x".repeat(262_144) }],
      ["token_too_large", "x".repeat(262_145), { token: "x".repeat(262_145) }, `{"token":"${"x".repeat(262_140)}"}`],
      ["argument_invalid", undefined, null, 7, true, [], ["x"], Symbol("x"), () => "x"],
    ]) {
      for (const body of bodies) await refused(assert, client, body, [code]);
    }
  });

  QUnit.test("keys: away, unknown and rotated", async (assert) => {
    const server = await testing.createTestHanko();
    const client = hanko.createHanko({ apiUrl: server.apiUrl, fetch: server.fetch });
    const made = () => server.createWebhook("user.delete", { id: crypto.randomUUID() });
    server.break({ status: 500 }, "/.well-known");
    await refused(assert, client, await made(), ["keys_unavailable"]);
    server.heal();
    const now = Date.now() / 1000;
    const deep = `{"id":"${crypto.randomUUID()}","metadata":${"[".repeat(1400)}${"]".repeat(1400)}}`;
    // A failed fetch starts a pause, and so does one for an unknown key.
    await at(now + 31, async () => {
      await client.verifyWebhook(await made());
      await server.rotateKeys();
      const error = await failureOf(assert, async () => {
        await client.verifyWebhook(await made(), { signal: AbortSignal.abort() });
      });
      assertHankoError(assert, hanko, error, ["request_aborted"]);
    });
    await at(now + 33, async () => {
      const rotated = await server.createWebhook("user.delete", deep);
      await refused(assert, client, rotated, ["keys_unavailable"]);
      const { event } = await at(now + 62, () => client.verifyWebhook(rotated));
      assert.strictEqual(event, "user.delete");
    });
  });
}

function depthOf(list) {
  let depth = 0;
  for (let level = list; level !== undefined; level = level[0]) depth += 1;
  return depth;
}
