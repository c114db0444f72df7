import { watchSecrets } from "../support/secrets.mjs";
import { THROWS } from "../support/throws.mjs";

/** The last suite: looks back at all others. */
export function unhandled(QUnit, { rejections, secrets, lines }) {
  QUnit.module("afterwards");

  QUnit.test("no promise was left rejected and unhandled", async (assert) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(rejections, []);
  });

  QUnit.test("no error, refusal or event of any test showed a piece of a token, cookie or payload", (assert) => {
    assert.deepEqual(secrets.found, []);
    assert.true(secrets.calls >= 5000, `${secrets.calls} calls`);
    assert.true(secrets.looked >= 2000, `${secrets.looked} texts`);
  });

  QUnit.test("no method threw in any test what its comment does not name", (assert) => {
    assert.true(Object.keys(secrets.thrown).length >= 12, Object.keys(secrets.thrown).join());
    for (const [name, codes] of Object.entries(secrets.thrown)) {
      assert.deepEqual(
        [...codes].filter((code) => !THROWS[name]?.includes(code)),
        [],
        name,
      );
    }
  });

  QUnit.test("nothing was written to the console", (assert) => assert.deepEqual(lines, []));

  QUnit.test("a piece that is shown would have been found", async (assert) => {
    const token = "a-token.of-three.parts-and-all";
    const leaky = {
      decodeToken() {
        throw new Error(`not a token: ${token.slice(3, 20)}`);
      },
      createHanko: ({ onEvent }) => ({
        authenticate: async () => (onEvent({ type: "authenticated", token }), { status: "signed-in" }),
        verifySession: async () => ({ code: "token_malformed", message: token }),
      }),
    };
    const { watch, hanko } = watchSecrets(leaky);
    assert.throws(() => hanko.decodeToken(token));
    const client = hanko.createHanko({ apiUrl: "x" });
    await client.authenticate(new Headers({ cookie: `hanko=${token}` }));
    await client.verifySession(token);
    assert.deepEqual(
      watch.found.map((one) => one.split(" ")[0]),
      ["decodeToken", "authenticate", "verifySession"],
    );
  });
}
