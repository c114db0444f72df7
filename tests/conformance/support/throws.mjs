const words = (text) => text.trim().split(/\s+/);

/** What every method that asks Hanko can throw. */
const ASKING = words(`argument_invalid network_error request_timeout request_aborted redirect_blocked response_invalid
  response_too_large rate_limited server_error internal_error`);
const SHAPE = words(
  "token_missing token_malformed token_too_large header_unsupported claims_malformed not_session_token",
);
const KEYS = words(
  "alg_not_allowed kid_missing key_not_found key_unusable signature_invalid keys_unavailable keys_invalid",
);
const TIMES = words("claim_missing claim_mismatch token_expired token_not_active");
const METADATA = words("metadata_invalid metadata_too_large unauthorized outcome_unknown flow_expired token_expired");

/** What each method and function throws. Its comment names them, as `tests/package/documented.test.mjs` sees. */
export const THROWS = {
  authenticate: words("argument_invalid not_ready wasm_blocked"),
  verifySession: [...ASKING, ...SHAPE.slice(1), ...KEYS, ...TIMES, "session_ended"],
  validateSession: [
    ...ASKING,
    ...words("token_missing token_malformed token_too_large claims_malformed not_session_token"),
  ],
  verifyWebhook: [...ASKING, ...SHAPE.slice(0, -1), ...KEYS, ...TIMES, "not_webhook_token"],
  getCurrentUser: [...ASKING, ...SHAPE, "unauthorized", "token_expired"],
  getUser: [...ASKING, ...SHAPE, "unauthorized", "token_expired", "forbidden"],
  logout: [...ASKING, ...SHAPE],
  patchUnsafeMetadata: [...ASKING, ...SHAPE, ...METADATA],
  clearUnsafeMetadata: [...ASKING, ...SHAPE, ...METADATA],
  reloadKeys: [...ASKING, "keys_unavailable", "keys_invalid"],
  decodeToken: words("argument_invalid token_malformed token_too_large header_unsupported claims_malformed"),
  readToken: words("argument_invalid config_invalid token_missing token_malformed token_ambiguous token_too_large"),
};
