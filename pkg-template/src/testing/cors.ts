/** CORS of the public API, as Hanko's default settings have it (`cors#cors-default-and-token-header`). */

/** Hanko's default of `allow_origins`. Compared by case, port included. */
const ORIGIN = "http://localhost:8888";

const EXPOSED =
  "Retry-After,X-RateLimit-Limit,X-RateLimit-Remaining,X-RateLimit-Reset,X-Session-Lifetime,X-Session-Retention";
const METHODS = { "2.7": "GET,HEAD,PUT,PATCH,POST,DELETE", "3.0": "GET,POST,PUT,PATCH,DELETE,OPTIONS" };

/** Another origin is answered all the same, without these headers. */
export function corsHeaders(version: "2.7" | "3.0", method: string, headers: Headers): Record<string, string> {
  const listed = headers.get("origin") === ORIGIN;
  if (!listed) return { vary: "Origin" };
  const allowed = { "access-control-allow-origin": ORIGIN, "access-control-allow-credentials": "true" };
  if (method !== "OPTIONS") return { ...allowed, "access-control-expose-headers": EXPOSED, vary: "Origin" };
  const asked = headers.get("access-control-request-headers");
  return {
    ...allowed,
    ...(asked && { "access-control-allow-headers": asked }),
    "access-control-allow-methods": METHODS[version],
    "access-control-max-age": "7200",
    vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
  };
}
