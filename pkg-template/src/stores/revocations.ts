/** A `RevocationList` over any place for texts. */
import type { RevocationList } from "../types.js";
import { entryOf, hashOf, readEntry, secondsUntil, type Texts } from "./entry.js";
import type { Recent } from "./recent.js";
import { ends, isKept, merged, namesFor, revokedSession, revokedUser, type Named, type Revoked } from "./revoked.js";

/** Seconds for which a place keeps an entry past its end: the clock of who writes it may be ahead, by `clockTolerance` at most. */
const KEPT_LONGER = 300;
/** What a place holds that is no entry. It ends nothing, and is kept by nobody: a revocation replaces it. */
const UNREADABLE: Revoked = { issuedBefore: NaN, until: NaN };

export function revocationsOver(texts: Texts, prefix: string, recent: Recent): RevocationList {
  const keyOf = async (name: string) => `${prefix}v1:${await hashOf(name)}`;

  async function look(name: string): Promise<Revoked | undefined> {
    if (recent.isFresh(name)) return recent.get(name);
    const began = Date.now();
    const found = revokedIn(await texts.get(await keyOf(name)), name);
    // An unreadable entry may have been a revocation: the caller is told that the list fails.
    if (found === UNREADABLE) throw new Error("the list of revocations holds what is none");
    recent.add(name, found, began);
    return recent.get(name);
  }

  async function add([name, revoked]: Named): Promise<void> {
    if (!isKept(revoked)) return;
    recent.add(name, revoked, NaN);
    const key = await keyOf(name);
    const held = revokedIn(await texts.get(key), name);
    // With what others here are just adding, so that of two at once the later write holds both.
    const wanted = merged(merged(held, revoked), recent.get(name)) ?? revoked;
    if (held?.until === wanted.until && held.issuedBefore === wanted.issuedBefore) return;
    await texts.put(key, entryOf(name, wanted.issuedBefore, wanted.until), secondsUntil(wanted.until) + KEPT_LONGER);
  }

  return {
    isRevoked(session) {
      const names = namesFor(session);
      if (names.some((name) => ends(recent.get(name), session.issuedAt))) return true;
      if (names.every((name) => recent.isFresh(name))) return false;
      return Promise.all(names.map(look)).then((found) => found.some((one) => ends(one, session.issuedAt)));
    },
    revoke: async (sessionId, until) => add(revokedSession(sessionId, until)),
    revokeUser: async (userId, issuedBefore, until) => add(revokedUser(userId, issuedBefore, until)),
  };
}

function revokedIn(text: unknown, name: string): Revoked | undefined {
  if (text === null || text === undefined) return undefined;
  const read = readEntry(text, name);
  if (read === "ended") return undefined;
  if (read === undefined || typeof read.value !== "number") return UNREADABLE;
  return { issuedBefore: read.value, until: read.until };
}
