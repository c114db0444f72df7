/** Which session a request is about. */
import type { JsonObject } from "../types.js";
import { carriedTokens } from "./carrier.js";
import type { StoredSession } from "./store.js";
import { SECOND } from "./time.js";
import type { Micros } from "./time.js";
import { verify } from "./token.js";
import { DatabaseFailure } from "./world.js";
import type { Ask } from "./world.js";

export interface Live {
  payload: JsonObject;
  session: StoredSession;
}

/** The claims, if the signature and the times are good. */
export async function verifiedClaims(ask: Ask, text: string): Promise<JsonObject | undefined> {
  if (ask.database === "failing") throw new DatabaseFailure();
  const payload = await verify(ask.database === "well" ? ask.world.keys : [], text);
  return payload && isInTime(payload, ask.world.now()) ? payload : undefined;
}

/** Valid while now < `exp`, without leeway (`expiry#expiry-boundary-0`). A token without `exp` is not recorded; here it is no good. */
function isInTime({ exp, nbf }: JsonObject, now: Micros): boolean {
  const seconds = Math.floor(now / SECOND);
  if (typeof exp !== "number" || Math.abs(exp) > LAST_SECOND || seconds >= Math.trunc(exp)) return false;
  return nbf === undefined || (typeof nbf === "number" && Math.trunc(nbf) <= seconds);
}

/** The last second of the year 9999, behind which RFC 3339 has no times. */
const LAST_SECOND = 253402300799;

/** The session behind verified claims. One that was idle too long ends here, and the answer deletes the cookie. */
export function liveSession(ask: Ask, { session_id: id }: JsonObject): StoredSession | undefined {
  const { settings, store } = ask.world;
  const session = typeof id === "string" ? store.sessions.get(id.toLowerCase()) : undefined;
  if (!session || settings.idleTimeout === undefined) return session;
  if (ask.world.now() < session.lastUsed + settings.idleTimeout) return session;
  store.sessions.delete(session.id);
  ask.deletesCookie = true;
  return undefined;
}

/** The session of the first token in header and cookies that is good. */
export async function carriedSession(ask: Ask): Promise<Live | undefined> {
  for (const text of carriedTokens(ask.headers, ask.world.settings.cookieName)) {
    const payload = await verifiedClaims(ask, text);
    const session = payload && liveSession(ask, payload);
    if (session) return { payload, session };
  }
  return undefined;
}

export function renew(ask: Ask, session: StoredSession): void {
  session.lastUsed = ask.world.now();
}
