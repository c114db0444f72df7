/** What a request carries: the headers that may hold a session token, or a token itself. */
import { TOO_LARGE, type Client } from "./calling.js";
import { argumentInvalid } from "./error.js";
import { areTooLong, headerIn, headersOf } from "./headers.js";
import { cookiesRefused } from "./origin.js";
import type { Auth } from "./types.js";

const TAKEN = "a Request, a Headers or a token";

export interface Carrier {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  readonly token: string | undefined;
  /** Whether the request's origin may not use cookies (`allowedOrigins`). */
  readonly refused: boolean;
}

export function readCarrier(client: Client, input: unknown): Carrier {
  if (typeof input === "string") return { token: input, authorization: undefined, cookie: undefined, refused: false };
  const { headers, source } = headersOf(input);
  if (!headers) throw argumentInvalid("the first argument", TAKEN);
  return {
    token: undefined,
    authorization: headerIn(headers, "authorization", TAKEN),
    cookie: headerIn(headers, "cookie", TAKEN),
    refused: cookiesRefused(source, headers, client.allowedOrigins),
  };
}

export function isTooLarge(client: Client, { authorization, cookie, token }: Carrier): boolean {
  return (token?.length ?? 0) > client.maxTokenLength || areTooLong(authorization, cookie);
}

export function tooLarge(): Auth<never> {
  return { status: "signed-out", code: "token_too_large", message: TOO_LARGE };
}
