/** `allowedOrigins`: whose cookie-carried unsafe requests are accepted (CSRF). */
import { misuse } from "./error.js";

/** The option, checked: a list of origins, each as a browser writes it in `Origin` (RFC 6454 section 6.2). */
export function parseOrigins(option: unknown): readonly string[] | undefined {
  if (option === undefined) return undefined;
  // No host has a star in its name: a pattern would match nobody.
  const isOrigin = (origin: unknown) =>
    typeof origin === "string" && serialised(origin) === origin && !origin.includes("*");
  if (Array.isArray(option) && option.every(isOrigin)) return [...(option as string[])];
  throw misuse("config_invalid", "option allowedOrigins must be a list of origins, as in https://app.example.com");
}

/**
 * Whether a request may not use its cookies. `Origin` listed, or the request's own: it may; present and neither, or `null`: not;
 * absent: `Sec-Fetch-Site` `same-origin` or `none`; both absent (no browser): it may.
 */
export function cookiesRefused(
  input: Request | Headers,
  headers: Headers,
  allowed: readonly string[] | undefined,
): boolean {
  if (allowed === undefined || isSafe(input, headers)) return false;
  const origin = headers.get("origin");
  if (origin !== null) return !allowed.includes(origin) && origin !== own(input);
  const site = headers.get("sec-fetch-site");
  return site !== null && site !== "same-origin" && site !== "none";
}

/** RFC 9110 section 9.2.1, but a WebSocket's GET is not. A `Headers` has no method, so all of it counts as unsafe. */
function isSafe(input: Request | Headers, headers: Headers): boolean {
  const { method } = input as Partial<Request>;
  const upgrade = headers.get("upgrade")?.toLowerCase().includes("websocket") ?? false;
  return (method === "GET" || method === "HEAD" || method === "OPTIONS") && !upgrade;
}

function own(input: Request | Headers): string | undefined {
  return serialised((input as Request).url);
}

function serialised(url: string): string | undefined {
  try {
    const { origin } = new URL(url);
    return origin === "null" ? undefined : origin;
  } catch {
    return undefined;
  }
}
