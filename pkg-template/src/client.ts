/** `createHanko`: the client. Decides nothing; checks what crosses, and waits. */
import { authenticate } from "./authenticate.js";
import { checkCallOptions } from "./call.js";
import { call, checkToken, numberOf, tokenOf, type Client } from "./calling.js";
import { instance, outcome, type Load } from "./core.js";
import { clearUnsafeMetadata, patchUnsafeMetadata } from "./flow.js";
import { logout } from "./logout.js";
import { dated } from "./now.js";
import { parseOptions } from "./options.js";
import { checkClaims } from "./schema.js";
import { begin, end, settled } from "./signature.js";
import type { CallOptions, Hanko, HankoOptions, Session, SessionStatus } from "./types.js";
import { getCurrentUser, getUser } from "./user.js";
import { verifyWebhook } from "./webhook.js";

export function createClient<C extends object>(load: Load, given: HankoOptions<C>): Hanko<C> {
  const client: Client = { load, known: { number: 0 }, ...parseOptions(given) };
  numberOf(client, instance(load));
  return Object.freeze({
    authenticate: (input, options) => authenticate<C>(client, input, options),
    verifySession: (token, options) => verifySession<C>(client, token, options),
    validateSession: (token, options) => validateSession<C>(client, token, options),
    verifyWebhook: (body, options) => verifyWebhook(client, body, options),
    getCurrentUser: (options) => getCurrentUser(client, options),
    getUser: (userId, options) => getUser(client, userId, options),
    logout: (options) => logout(client, options),
    patchUnsafeMetadata: (patch, options) => patchUnsafeMetadata(client, patch, options),
    clearUnsafeMetadata: (options) => clearUnsafeMetadata(client, options),
    reloadKeys: (options) => reloadKeys(client, options),
  } satisfies Hanko<C>);
}

async function verifySession<C extends object>(client: Client, token: unknown, given: unknown): Promise<Session<C>> {
  const began = client.claimsSchema && performance.now();
  const options = checkCallOptions(given);
  const text = checkToken(client, token);
  const session =
    (await verifySessionNow<C>(client, text, options)) ??
    (await call<Session<C>>(client, options, (running, id, number, call) =>
      running.glue.verify_session(id, number, call, text),
    ));
  const { claimsSchema: schema, timeout } = client;
  if (!schema) return dated(session);
  return { ...dated(session), claims: await checkClaims(session.claims, schema, timeout, began!, options.signal) };
}

/** Undefined where something must be waited for, but for a signature; so is a list, which the other way asks. */
async function verifySessionNow<C extends object>(
  client: Client,
  token: string,
  { signal }: CallOptions,
): Promise<Session<C> | undefined> {
  if (signal?.aborted) return undefined;
  const show = client.revocations === undefined;
  const begun = begin(client, ({ glue }, id, number) => glue.verify_session_now(id, number, token));
  if (typeof begun !== "object") return begun !== undefined && show ? outcome<Session<C>>(begun) : undefined;
  const good = await settled(begun);
  return good === undefined ? undefined : (end<Session<C>>(client, begun, good, show) ?? undefined);
}

async function validateSession<C extends object>(
  client: Client,
  token: unknown,
  given: unknown,
): Promise<SessionStatus<C>> {
  const began = client.claimsSchema && performance.now();
  const options = checkCallOptions(given);
  const text = tokenOf(client, token);
  const status = await call<SessionStatus<C>>(client, options, (running, id, number, call) =>
    running.glue.validate_session(id, number, call, text),
  );
  const { claimsSchema: schema, timeout } = client;
  if (!status.is_valid || !schema) return status;
  return { ...status, claims: await checkClaims(status.claims, schema, timeout, began!, options.signal) };
}

async function reloadKeys(client: Client, given: unknown): Promise<void> {
  await call(client, checkCallOptions(given), (running, id, number, call) =>
    running.glue.reload_keys(id, number, call),
  );
}
