/** The codes of each kind, from the public contract. */
export const CODES = {
  denied: `token_missing token_ambiguous token_too_large token_malformed alg_not_allowed header_unsupported kid_missing
    key_not_found key_unusable signature_invalid claims_malformed claim_missing claim_mismatch token_expired
    token_not_active not_session_token not_webhook_token session_ended origin_not_allowed unauthorized forbidden
    not_found`.split(/\s+/),
  unavailable: `keys_unavailable keys_invalid network_error request_timeout request_aborted redirect_blocked
    response_invalid response_too_large rate_limited server_error flow_expired outcome_unknown
    internal_error`.split(/\s+/),
  misuse: `config_invalid argument_invalid metadata_invalid metadata_too_large not_ready wasm_blocked`.split(/\s+/),
};

const kindOf = (code) => Object.keys(CODES).find((kind) => CODES[kind].includes(code));

/** Every text by which an error may reach a log. */
export function textsOf(error) {
  const members = Object.getOwnPropertyNames(error).map((name) => String(error[name]));
  return [error.message, error.stack, String(error), JSON.stringify(error), ...members].join("\n");
}

/** What a call that must fail failed with; `undefined`, and a failed assertion, where it did not. */
export async function failureOf(assert, call, label = "fails") {
  try {
    await call();
  } catch (error) {
    return error;
  }
  assert.true(false, `${label}: it did not fail`);
  return undefined;
}

/** A message has words at both ends: nothing that it names or asks for is missing there. */
function assertSaid(assert, message) {
  assert.true(/^\S.{8,}\S$/su.test(message), `"${message}" says something`);
}

/** One of these codes, the shape of a `HankoError`, and none of the secrets in any text of it. */
export function assertHankoError(assert, hanko, error, codes, secrets = []) {
  if (error === undefined) return;
  assert.true(codes.includes(error.code), `code ${error.code} is one of ${codes.join(", ")}; ${error.message}`);
  assert.true(error instanceof hanko.HankoError && error instanceof Error, "is a HankoError");
  assert.strictEqual(error.name, "HankoError");
  assert.strictEqual(error.kind, kindOf(error.code), "kind");
  assertSaid(assert, error.message);
  const texts = textsOf(error);
  assert.false(
    secrets.some((secret) => texts.includes(secret)),
    "no text of the error holds a secret",
  );
}

/** The result of `authenticate` for someone who is not signed in: its status follows from its code. */
export function assertNotSignedIn(assert, auth, codes, secrets = []) {
  assert.true(codes.includes(auth.code), `code ${auth.code} is one of ${codes.join(", ")}; ${auth.message}`);
  assert.strictEqual(auth.status, kindOf(auth.code) === "denied" ? "signed-out" : "unavailable", "status");
  assertSaid(assert, auth.message);
  const allowed = ["status", "code", "message", "retryAfter"];
  assert.deepEqual(
    Object.keys(auth).filter((key) => !allowed.includes(key)),
    [],
    "no other member",
  );
  const text = JSON.stringify(auth);
  assert.false(
    secrets.some((secret) => text.includes(secret)),
    "the result holds no secret",
  );
}

/** The code of what a call gives or throws; none where it is good. */
export async function codeOf(call) {
  try {
    return (await call())?.code;
  } catch (error) {
    return error.code;
  }
}
