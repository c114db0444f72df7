/** Answers as plain values, in Hanko's shape. */
import { escapeAsGo } from "./json.js";

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | null;
}

/** 200 with JSON. `text` is JSON; Go ends it with a newline. */
export function json(text: string, status = 200, headers: Record<string, string> = {}): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: `${escapeAsGo(text)}\n` };
}

/** Hanko's error outside flows. */
export function failure(status: number, message: string = statusText(status)): Answer {
  return json(JSON.stringify({ code: status, message }), status);
}

export function noContent(): Answer {
  return { status: 204, headers: {}, body: null };
}

/** As Echo answers HEAD: the error's status, no body and no content type (`errors#plain-404`). */
export function withoutBody({ status }: Answer): Answer {
  return { status, headers: {}, body: null };
}

/** As Echo's request id: 32 letters. */
export function randomRequestId(): string {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => letters[byte % letters.length]).join("");
}

/** A body is not allowed with these statuses (Fetch, *null body status*). */
export function toResponse({ status, headers, body }: Answer): Response {
  return new Response([204, 205, 304].includes(status) ? null : body, { status, headers });
}

function statusText(status: number): string {
  return STATUS_TEXT[status] ?? "";
}

/** Go's `http.StatusText`, where tests are likely to ask. */
const STATUS_TEXT: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  408: "Request Timeout",
  409: "Conflict",
  413: "Request Entity Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};
