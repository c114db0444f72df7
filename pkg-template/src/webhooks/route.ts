/** `webhookRoute`: verify, revoke, remember, tell. */
import { argumentInvalid, type HankoError } from "../error.js";
import { demand } from "../host.js";
import type { CallOptions, Hanko, HankoErrorCode, WebhookEvent } from "../types.js";
import { readText } from "./body.js";
import { parseRoute, type Route, type WebhookRouteOptions } from "./options.js";
import { revoke, TOLERANCE } from "./revoke.js";

/** Milliseconds. Hanko gives up after 10 s. */
const PATIENCE = 8_000;

interface Context {
  waitUntil?(promise: Promise<unknown>): void;
}

/**
 * A route that receives Hanko's webhooks: `POST` only (405 with `Allow`), at most 256 KiB (413), JSON with a token (400), a
 * valid webhook token (401), keys or store unavailable (503). 204 when done, also for a replay and for events that end nothing.
 *
 * Order: verify, revoke, remember, `onEvent`. After 8 s (Hanko gives up after 10) 202 with `waitUntil`, behind which the
 * work goes on, else 503. A list that fails is tried twice more, after 250 ms and 1 s. What is refused and unavailable says
 * why in the body, `{"code": "..."}`, and `{"code": "internal_error"}` where a list or `seen` fails. Signed data of another
 * shape than Hanko's is `claims_malformed` (401), but for the date of a session's end: without one the longest life counts.
 *
 * @param hanko a client of `createHanko`
 * @returns the route; it rejects with `argument_invalid` where the body has been read before, and with `not_ready` or `wasm_blocked` as other calls do
 * @throws HankoError `argument_invalid`, `config_invalid`, naming the option
 */
export function webhookRoute(
  hanko: Hanko,
  options?: WebhookRouteOptions,
): (request: Request, context?: Context) => Promise<Response> {
  demand(["Response", "TextDecoder"]);
  const route = parseRoute(hanko, options);
  return async (request, context) => {
    if (typeof request?.headers?.get !== "function") throw argumentInvalid("the first argument", "a Request");
    if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE)));
    try {
      const body = await readText(request, late);
      if (typeof body !== "string") return answer(body);
      const token = tokenIn(body);
      if (token === undefined) return answer(400);
      const work = receive(route, token, context);
      const goesOn = keep(context, work);
      return await Promise.race([work, late.then(() => answer(goesOn ? 202 : 503))]);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The event beside the token is not signed, and not looked at. */
function tokenIn(body: string): string | undefined {
  try {
    const { token } = JSON.parse(body) as { token?: unknown };
    return typeof token === "string" ? token : undefined;
  } catch {
    return undefined;
  }
}

async function receive(route: Route, token: string, context: Context | undefined): Promise<Response> {
  let event: WebhookEvent;
  try {
    event = await route.hanko.verifyWebhook({ token }, optionsFor(context));
  } catch (error) {
    return refused(error);
  }
  try {
    await revoke(route, event);
    if (!(await isNew(route, event))) return answer(204);
  } catch {
    return answer(503, "internal_error");
  }
  try {
    await route.onEvent?.(event);
  } catch {
    return answer(500);
  }
  return answer(204);
}

/** A replay is possible for as long as the token may live. Undefined where nothing is told, and so nothing is remembered. */
async function isNew({ seen }: Route, { id, expiresAt }: WebhookEvent): Promise<boolean | undefined> {
  const added = await seen?.add(id, new Date(expiresAt.getTime() + TOLERANCE));
  if (seen && typeof added !== "boolean") throw new TypeError(); // It must say which.
  return added;
}

/**
 * The answer to what the client refused. By its shape: a package that is imported and one that is required have each their own `HankoError`.
 *
 * @throws misuse, and what is no `HankoError`
 */
function refused(error: unknown): Response {
  const { kind, code } = Object(error) as Partial<HankoError>;
  if (kind === "denied") return answer(401, code);
  if (kind === "unavailable") return answer(503, code);
  throw error;
}

function answer(status: number, code?: HankoErrorCode): Response {
  const headers = { "cache-control": "no-store", ...(code && { "content-type": "application/json" }) };
  return new Response(code ? JSON.stringify({ code }) : null, { status, headers });
}

function optionsFor(context: Context | undefined): CallOptions {
  return context?.waitUntil ? { waitUntil: (work) => context.waitUntil!(work) } : {};
}

/** Lets work outlive the answer, and a sender who hangs up. False where the host does not. */
function keep(context: Context | undefined, work: Promise<unknown>): boolean {
  if (!context?.waitUntil) return false;
  try {
    const kept: unknown = context.waitUntil(work.catch(() => undefined));
    Promise.resolve(kept).catch(() => undefined); // One that is async may fail by itself.
    return true;
  } catch {
    return false;
  }
}
