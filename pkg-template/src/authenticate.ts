/** `authenticate`. Decides nothing; checks what crosses, and waits. */
import { checkCallOptions, revocable, tell } from "./call.js";
import { call, type Client } from "./calling.js";
import { isTooLarge, readCarrier, tooLarge, type Carrier } from "./carrier.js";
import { argumentInvalid, HankoError, type DeniedCode, type UnavailableCode } from "./error.js";
import { authenticateNow, signedIn } from "./now.js";
import { checkClaims } from "./schema.js";
import { end, settled, type Signature } from "./signature.js";
import type { Auth, CallOptions, SignedIn } from "./types.js";

/** Who signed the request in, by the first way that knows: what is remembered, WebCrypto alone, then Hanko. */
export async function authenticate<C extends object>(client: Client, input: unknown, given: unknown): Promise<Auth<C>> {
  const began = (client.onEvent || client.claimsSchema) && performance.now();
  const options = checkCallOptions(given, ["mode"]);
  const mode = Object.hasOwn(options, "mode") ? options["mode"] : undefined; // Not that of a changed prototype.
  if (mode !== undefined && mode !== "local" && mode !== "remote" && mode !== "hybrid") {
    throw argumentInvalid("options.mode", "local, remote or hybrid");
  }
  const carrier = readCarrier(client, input);
  const now = isTooLarge(client, carrier) ? tooLarge() : authenticateNow<C>(client, carrier, mode, options);
  const known = now && "good" in now ? await afterSignature<C>(client, carrier, mode, options, now) : now;
  const asked = known?.status === "signed-in" ? askList(client, known) : client;
  const atOnce = asked === client ? known : undefined;
  let auth = atOnce ?? (await authenticateWaiting<C>(asked, carrier, mode, options));
  if (auth.status === "signed-in" && client.claimsSchema)
    auth = await withSchema(client, auth, began as number, options.signal);
  if (client.onEvent) {
    const code = auth.status === "signed-in" ? {} : { code: auth.code };
    const cached = atOnce !== undefined && atOnce === now && auth.status === "signed-in";
    tell(client.onEvent, {
      type: "authenticated",
      status: auth.status,
      ...code,
      cached,
      durationMs: performance.now() - (began as number),
    });
  }
  return auth;
}

/** As {@link authenticateNow}, when WebCrypto has looked at the signature. */
async function afterSignature<C extends object>(
  client: Client,
  carrier: Carrier,
  mode: string | undefined,
  options: CallOptions,
  signature: Signature,
): Promise<Auth<C> | undefined> {
  const good = await settled(signature);
  try {
    if (good === undefined || end<null>(client, signature, good, false) === undefined) return undefined;
  } catch (error) {
    return told(error);
  }
  const known = authenticateNow<C>(client, carrier, mode, options);
  if (!known || !("good" in known)) return known;
  known.good.catch(() => undefined); // Other keys have come meanwhile: the waiting way begins anew.
  return undefined;
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
  const issuedAt = Date.parse(claims.issued_at as string); // NaN where there is none.
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

async function withSchema<C extends object>(
  client: Client,
  auth: SignedIn<C>,
  began: number,
  signal: AbortSignal | undefined,
): Promise<Auth<C>> {
  try {
    return { ...auth, claims: await checkClaims(auth.claims, client.claimsSchema!, client.timeout, began, signal) };
  } catch (error) {
    return told(error);
  }
}

/** A failure as a result; none of these is an answer of Hanko's. Misuse, and what forbids the package to run, is no result. */
function told<C extends object>(error: unknown): Auth<C> {
  if (!(error instanceof HankoError) || error.kind === "misuse") throw error;
  const { code, message } = error;
  if (error.kind === "denied") return { status: "signed-out", code: code as DeniedCode, message };
  return { status: "unavailable", code: code as UnavailableCode, message };
}
