/** The functions that need no server. */
import { callNow, type Load } from "./core.js";
import { argumentInvalid, HankoError } from "./error.js";
import { areTooLong, headerIn, headersOf } from "./headers.js";
import { demand } from "./host.js";
import { optional } from "./options.js";
import type { Claims, JsonObject, SignedOut, Unavailable } from "./types.js";

/** Longest token that `decodeToken` looks at, in characters. */
const MAX_TOKEN_LENGTH = 16384;

/** What `readToken` takes. */
const TAKEN = "a Request or a Headers";

export interface DecodedToken<C extends object> {
  header: { alg: string; kid?: string; typ?: string };
  claims: Claims<C>;
  payload: JsonObject;
}

export function decode<C extends object>(load: Load, token: unknown): DecodedToken<C> {
  if (typeof token !== "string") throw argumentInvalid("the token", "a string");
  if (token.length > MAX_TOKEN_LENGTH) throw tooLarge("the token is longer than 16384 characters");
  return callNow(load, (glue) => glue.decode(token));
}

export function read(
  load: Load,
  input: unknown,
  options: unknown,
): { token: string; source: "authorization" | "cookie" } {
  const { headers } = headersOf(input);
  if (!headers) throw argumentInvalid("the first argument", TAKEN);
  const given = optional(options);
  const [authorization, cookie] = [headerIn(headers, "authorization", TAKEN), headerIn(headers, "cookie", TAKEN)];
  if (areTooLong(authorization, cookie)) throw tooLarge("the token is longer than maxTokenLength");
  return callNow(load, (glue) => glue.read_token(authorization, cookie, given));
}

function tooLarge(message: string): HankoError {
  return new HankoError({ code: "token_too_large", kind: "denied", message });
}

/**
 * The answer to a request that is not signed in.
 *
 * 401 with `WWW-Authenticate` for `signed-out` (bare `Bearer` for `token_missing`, else `error="invalid_token"`: RFC 6750
 * section 3.1), 403 for `origin_not_allowed` and `forbidden`, 503 with `Retry-After` in seconds (default 1) for
 * `unavailable`. `cache-control: no-store`; the body is `{"code": "..."}`.
 *
 * @throws HankoError `argument_invalid`
 */
export function denyResponse(auth: SignedOut | Unavailable): Response {
  demand(["Headers", "Response"]);
  const { status, code, retryAfter } = (auth ?? {}) as { status?: string; code?: string; retryAfter?: number };
  const headers = new Headers({ "content-type": "application/json", "cache-control": "no-store" });
  if (typeof code !== "string" || (status !== "signed-out" && status !== "unavailable")) {
    throw argumentInvalid("the first argument", "a result of authenticate that is not signed in");
  }
  if (status === "unavailable") headers.set("retry-after", String(retryAfter ?? 1));
  const forbidden = code === "origin_not_allowed" || code === "forbidden";
  if (status === "signed-out" && !forbidden) {
    headers.set("www-authenticate", code === "token_missing" ? "Bearer" : 'Bearer error="invalid_token"');
  }
  const number = status === "unavailable" ? 503 : forbidden ? 403 : 401;
  return new Response(JSON.stringify({ code }), { status: number, headers });
}
