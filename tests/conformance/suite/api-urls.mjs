import { at } from "../support/clock.mjs";
import { assertHankoError, failureOf } from "../support/outcomes.mjs";
import { KEYS, keyDocument, serve } from "../support/servers.mjs";

export function apiUrls(QUnit, { hanko, vectors }) {
  const { apiUrlCases: cases, attackTokens } = vectors;

  QUnit.module("apiUrl");

  QUnit.test("there are 35 cases", (assert) => assert.strictEqual(cases.length, 35));

  for (const { apiUrl, expect, why } of cases) {
    QUnit.test(`${expect}: ${JSON.stringify(apiUrl)} (${why})`, async (assert) => {
      if (expect === "accept") {
        assert.strictEqual(typeof hanko.createHanko({ apiUrl }).authenticate, "function");
        return;
      }
      const error = await failureOf(assert, () => hanko.createHanko({ apiUrl }));
      assertHankoError(assert, hanko, error, [expect], apiUrl.length > 8 ? [apiUrl] : []);
      assert.true(error?.message.includes("apiUrl"), "names the option");
    });
  }

  QUnit.test("a URL object, and the addresses that mean the same, share their keys", async (assert) => {
    const { fetch, asked } = serve("https://shared-keys.hanko.test", { [KEYS]: keyDocument(attackTokens.jwks) });
    const same = [
      "https://shared-keys.hanko.test",
      "https://SHARED-keys.hanko.test/",
      new URL("https://shared-keys.hanko.test:443"),
    ];
    for (const apiUrl of same) {
      const client = hanko.createHanko({ apiUrl, fetch });
      const session = await at(attackTokens.now, () => client.verifySession(attackTokens.cases[0].token));
      assert.strictEqual(session.claims.session_id, session.sessionId);
    }
    assert.deepEqual(asked, [KEYS]);
  });

  QUnit.test("keys are asked for below the path of a tenant", async (assert) => {
    const apiUrl = "https://tenants.hanko.test/0b3e7a3e-94d6-4b3c-8a53-2b1a1ef4a0a5";
    const asked = [];
    const fetch = async ({ url }) => {
      asked.push(url.split("?")[0]);
      return keyDocument(attackTokens.jwks)();
    };
    await hanko.createHanko({ apiUrl, fetch }).reloadKeys();
    assert.deepEqual(asked, [`${apiUrl}/.well-known/jwks.json`]);
  });
}
