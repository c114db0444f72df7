/** `verifyWebhook`. */
import { checkCallOptions } from "./call.js";
import { call, denied, type Client } from "./calling.js";
import { argumentInvalid, HankoError } from "./error.js";
import type { WebhookEvent } from "./types.js";

/** Longest body and token that are looked at, in characters. */
const MAX_LENGTH = 256 * 1024;

/** An event as it crosses: times in milliseconds since 1970. */
interface Crossed {
  event: string;
  data: unknown;
  issuedAt: number;
  expiresAt: number;
}

export async function verifyWebhook(client: Client, body: unknown, given: unknown): Promise<WebhookEvent> {
  const options = checkCallOptions(given);
  const token = tokenOf(body);
  const { event, data, issuedAt, expiresAt } = await call<Crossed>(client, options, (running, id, number, call) =>
    running.glue.verify_webhook(id, number, call, token),
  );
  return { id: await idOf(token), event, data, issuedAt: new Date(issuedAt), expiresAt: new Date(expiresAt) };
}

/** No token begins with a brace: base64url has none. */
function tokenOf(body: unknown): string {
  if (typeof body === "string") {
    if (body.length > MAX_LENGTH) throw tooLarge();
    return /^[ \t\r\n]*\{/.test(body) ? tokenIn(parse(body)) : body;
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw argumentInvalid("the body", "a text, or an object with a token");
  }
  try {
    return tokenIn(body);
  } catch (error) {
    // A getter or a proxy of the caller's threw: whatever that was, it is not told on.
    throw error instanceof HankoError ? error : argumentInvalid("the body", "an object that can be read");
  }
}

function parse(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw denied("token_malformed", "the webhook's body is not JSON");
  }
}

function tokenIn({ token }: { token?: unknown }): string {
  if (token === undefined) throw denied("token_missing", "the webhook's body has no token");
  if (typeof token !== "string") throw denied("token_malformed", "the webhook's token is not a text");
  if (token.length > MAX_LENGTH) throw tooLarge();
  return token;
}

function tooLarge() {
  return denied("token_too_large", "the webhook is longer than 256 KiB");
}

/** A token that verifies has one spelling: canonical base64url, and an RSA signature of its key's length (RFC 8017 section 8.2.2). */
async function idOf(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
