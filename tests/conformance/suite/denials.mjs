import { assertHankoError, CODES, failureOf } from "../support/outcomes.mjs";

/** `denyResponse`: RFC 6750 section 3 for 401 and 403, RFC 9110 section 10.2.3 for 503. */
export function denials(QUnit, { hanko }) {
  QUnit.module("denyResponse");

  async function assertDenies(assert, auth, { status, authenticate, retryAfter }) {
    const response = hanko.denyResponse(auth);
    assert.true(response instanceof Response);
    assert.strictEqual(response.status, status);
    assert.strictEqual(response.headers.get("cache-control"), "no-store");
    assert.true(response.headers.get("content-type")?.startsWith("application/json"));
    assert.strictEqual(response.headers.get("retry-after"), retryAfter ?? null);
    assert.strictEqual(response.headers.get("www-authenticate"), authenticate);
    assert.deepEqual(await response.json(), { code: auth.code });
  }

  for (const code of CODES.denied) {
    QUnit.test(code, (assert) => {
      const forbidden = ["origin_not_allowed", "forbidden"].includes(code);
      const challenge = code === "token_missing" ? "Bearer" : 'Bearer error="invalid_token"';
      const expected = forbidden ? { status: 403, authenticate: null } : { status: 401, authenticate: challenge };
      return assertDenies(assert, { status: "signed-out", code, message: "a message" }, expected);
    });
  }

  for (const code of CODES.unavailable) {
    QUnit.test(`${code} is 503, to be tried again after 1 s, or as long as is known`, async (assert) => {
      const auth = { status: "unavailable", code, message: "a message" };
      await assertDenies(assert, auth, { status: 503, authenticate: null, retryAfter: "1" });
      await assertDenies(assert, { ...auth, retryAfter: 30 }, { status: 503, authenticate: null, retryAfter: "30" });
    });
  }

  QUnit.test("nothing else is denied", async (assert) => {
    const none = [undefined, null, 1, {}, { status: "signed-in" }, { status: "signed-out" }, { code: "forbidden" }];
    const code = "session_ended";
    none.push({ status: "signed-in", code }, { status: "toString", code }, { status: "unavailable", code: 503 });
    for (const auth of none) {
      const error = await failureOf(assert, () => hanko.denyResponse(auth));
      assertHankoError(assert, hanko, error, ["argument_invalid"]);
    }
  });
}
