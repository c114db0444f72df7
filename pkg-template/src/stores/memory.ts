/** A list of revocations in one process. */
import { misuse } from "../error.js";
import type { RevocationList } from "../types.js";
import { optionOf } from "./arguments.js";
import { ends, isKept, merged, namesFor, revokedSession, revokedUser, type Named, type Revoked } from "./revoked.js";

/**
 * Revocations in the memory of one process; it answers at once. Entries leave when they end. At `max` of them (default
 * 100000, at least 1) a further `revoke` or `revokeUser` rejects: none is ever forgotten to make room.
 *
 * @throws HankoError `config_invalid`
 */
export function memoryRevocations(options?: { max?: number }): RevocationList {
  const max = maxIn(options);
  const held = new Map<string, Revoked>();
  let firstEnd = Infinity;

  function dropEnded(): void {
    if (Date.now() < firstEnd) return;
    firstEnd = Infinity;
    for (const [name, revoked] of held) {
      if (!isKept(revoked)) held.delete(name);
      else firstEnd = Math.min(firstEnd, revoked.until);
    }
  }

  function add([name, revoked]: Named): void {
    dropEnded();
    if (!isKept(revoked)) return;
    if (held.size >= max && !held.has(name))
      throw new Error(`the list of revocations is full: it holds ${max} already`);
    held.set(name, merged(held.get(name), revoked) ?? revoked);
    firstEnd = Math.min(firstEnd, revoked.until);
  }

  return {
    isRevoked: (session) => namesFor(session).some((name) => ends(held.get(name), session.issuedAt)),
    revoke: async (sessionId, until) => add(revokedSession(sessionId, until)),
    revokeUser: async (userId, issuedBefore, until) => add(revokedUser(userId, issuedBefore, until)),
  };
}

function maxIn(options: unknown): number {
  const max = (optionOf(options, "max") ?? 100_000) as number;
  if (Number.isSafeInteger(max) && max >= 1) return max;
  throw misuse("config_invalid", "max must be a whole number from 1 on");
}
