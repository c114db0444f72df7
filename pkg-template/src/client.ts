/** `createHanko`: the client. Decides nothing; checks what crosses, and waits. */
import { checkCallOptions, revocable, tell } from "./call.js";
import { call, checkToken, tokenOf, type Client } from "./calling.js";
import { isTooLarge, readCarrier, tooLarge, type Carrier } from "./carrier.js";
import { callNow, type Load } from "./core.js";
import { clearUnsafeMetadata, patchUnsafeMetadata } from "./flow.js";
import { argumentInvalid, HankoError, type DeniedCode, type UnavailableCode } from "./error.js";
import { logout } from "./logout.js";
import { authenticateNow, dated, signedIn } from "./now.js";
import { parseOptions } from "./options.js";
import { checkClaims } from "./schema.js";
import type { Auth, CallOptions, Hanko, HankoOptions, Session, SessionStatus, SignedIn } from "./types.js";
import { getCurrentUser, getUser } from "./user.js";
import { verifyWebhook } from "./webhook.js";

export function createClient<C extends object>(load: Load, given: HankoOptions<C>): Hanko<C> {
  const client: Client = { load, known: { number: 0 }, ...parseOptions(given) };
  callNow(load, (glue) => glue.configure(client.options));
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

async function authenticate<C extends object>(client: Client, input: unknown, given: unknown): Promise<Auth<C>> {
  const began = client.onEvent && performance.now();
  const options = checkCallOptions(given, ["mode"]);
  const mode = options["mode"];
  if (mode !== undefined && mode !== "local" && mode !== "remote" && mode !== "hybrid") {
    throw argumentInvalid("options.mode", "local, remote or hybrid");
  }
  const carrier = readCarrier(client, input);
  const known = isTooLarge(client, carrier) ? tooLarge() : authenticateNow<C>(client, carrier, mode, options);
  const asked = known?.status === "signed-in" ? askList(client, known) : client;
  const atOnce = asked === client ? known : undefined;
  let auth = atOnce ?? (await authenticateWaiting<C>(asked, carrier, mode, options));
  if (auth.status === "signed-in" && client.claimsSchema) auth = await withSchema(client, auth);
  if (client.onEvent && began !== undefined) {
    const code = auth.status === "signed-in" ? {} : { code: auth.code };
    const cached = atOnce !== undefined && auth.status === "signed-in";
    tell(client.onEvent, {
      type: "authenticated",
      status: auth.status,
      ...code,
      cached,
      durationMs: performance.now() - began,
    });
  }
  return auth;
}

async function authenticateWaiting<C extends object>(
  client: Client,
  carrier: Carrier,
  mode: string | undefined,
  options: CallOptions,
): Promise<Auth<C>> {
  const { authorization, cookie, token, refused } = carrier;
  try {
    const auth = await call<Auth<C>>(client, options, (running, id, number, call) =>
      running.glue.authenticate(id, number, call, authorization, cookie, token, mode, refused),
    );
    return auth.status === "signed-in" ? signedIn(auth, carrier) : auth;
  } catch (error) {
    return told(error);
  }
}

/** The client, where its list says at once that the session is not revoked; else one that knows what the list was asked. */
function askList(client: Client, { sessionId, userId, claims, expiresAt }: SignedIn): Client {
  const list = client.revocations;
  if (!list) return client;
  const issuedAt = claims.issued_at === undefined ? NaN : Date.parse(claims.issued_at);
  let answer: Promise<unknown> = Promise.resolve(undefined); // That of a list that throws.
  try {
    const revoked: unknown = list.isRevoked(revocable(sessionId, userId, issuedAt, Number(expiresAt)));
    if (revoked === false && Date.now() < Number(expiresAt)) return client; // Later it may have forgotten.
    answer = Promise.resolve(revoked);
    answer.catch(() => undefined);
  } catch {
    // The waiting way tells.
  }
  return { ...client, revocations: { isRevoked: () => answer } };
}

async function withSchema<C extends object>(client: Client, auth: SignedIn<C>): Promise<Auth<C>> {
  try {
    return { ...auth, claims: await checkClaims(auth.claims, client.claimsSchema!, client.timeout) };
  } catch (error) {
    return told(error);
  }
}

async function verifySession<C extends object>(client: Client, token: unknown, given: unknown): Promise<Session<C>> {
  const options = checkCallOptions(given);
  const text = checkToken(client, token);
  const session = await call<Session<C>>(client, options, (running, id, number, call) =>
    running.glue.verify_session(id, number, call, text),
  );
  if (!client.claimsSchema) return dated(session);
  return { ...dated(session), claims: await checkClaims(session.claims, client.claimsSchema, client.timeout) };
}

async function validateSession<C extends object>(
  client: Client,
  token: unknown,
  given: unknown,
): Promise<SessionStatus<C>> {
  const options = checkCallOptions(given);
  const text = tokenOf(client, token);
  const status = await call<SessionStatus<C>>(client, options, (running, id, number, call) =>
    running.glue.validate_session(id, number, call, text),
  );
  if (!status.is_valid || !client.claimsSchema) return status;
  return { ...status, claims: await checkClaims(status.claims, client.claimsSchema, client.timeout) };
}

async function reloadKeys(client: Client, given: unknown): Promise<void> {
  await call(client, checkCallOptions(given), (running, id, number, call) =>
    running.glue.reload_keys(id, number, call),
  );
}

/** A failure as a result. Misuse, and what forbids the package to run, is no result. */
function told<C extends object>(error: unknown): Auth<C> {
  if (!(error instanceof HankoError) || error.kind === "misuse") throw error;
  const { code, message, retryAfter } = error;
  if (error.kind === "denied") return { status: "signed-out", code: code as DeniedCode, message };
  return {
    status: "unavailable",
    code: code as UnavailableCode,
    message,
    ...(retryAfter !== undefined && { retryAfter }),
  };
}
