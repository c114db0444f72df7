/** One entry of a list of revocations: which sessions it ends, and for how long it is kept. */
import { argumentInvalid } from "../error.js";
import type { RevocationList } from "../types.js";

/** The latest time of a `Date` (ECMA-262 section 21.4.1.1). */
const LATEST = 8.64e15;

/** Times in milliseconds since 1970. */
export interface Revoked {
  /** Sessions issued later go on. */
  readonly issuedBefore: number;
  readonly until: number;
}

/** What entries are for, and the entries. */
export type Named = readonly [name: string, revoked: Revoked];

type Asked = Parameters<RevocationList["isRevoked"]>[0];

/**
 * The names of the two entries that can end a session. Hanko's ids are UUIDs: their case does not count (RFC 9562 section 4).
 *
 * @throws HankoError `argument_invalid`
 */
export function namesFor(session: Asked): readonly [string, string] {
  const { sessionId, userId } = Object(session) as Partial<Asked>;
  return [`session:${idOf(sessionId, "sessionId")}`, `user:${idOf(userId, "userId")}`];
}

/**
 * The entry that `revoke` makes.
 *
 * @throws HankoError `argument_invalid`
 */
export function revokedSession(sessionId: unknown, until: unknown): Named {
  return [`session:${idOf(sessionId, "sessionId")}`, { issuedBefore: LATEST, until: timeOf(until, "until") }];
}

/**
 * The entry that `revokeUser` makes.
 *
 * @throws HankoError `argument_invalid`
 */
export function revokedUser(userId: unknown, issuedBefore: unknown, until: unknown): Named {
  const revoked = { issuedBefore: timeOf(issuedBefore, "issuedBefore"), until: timeOf(until, "until") };
  return [`user:${idOf(userId, "userId")}`, revoked];
}

/** Whether an entry ends a session issued then. Without a time (`NaN`, which exceeds nothing) it does. */
export function ends(revoked: Revoked | undefined, issuedAt: Date | undefined): boolean {
  return isKept(revoked) && !(Number(issuedAt) > revoked.issuedBefore);
}

export function isKept(revoked: Revoked | undefined): revoked is Revoked {
  return revoked !== undefined && Date.now() < revoked.until;
}

/** An entry that ends whatever one of the two does: no call takes back what an earlier one said. */
export function merged(one: Revoked | undefined, other: Revoked | undefined): Revoked | undefined {
  if (!isKept(one)) return isKept(other) ? other : undefined;
  if (!isKept(other)) return one;
  return {
    issuedBefore: Math.max(one.issuedBefore, other.issuedBefore),
    until: Math.max(one.until, other.until),
  };
}

function idOf(id: unknown, argument: string): string {
  if (typeof id === "string" && id !== "") return id.toLowerCase();
  throw argumentInvalid(argument, "a text that is not empty");
}

function timeOf(date: unknown, argument: string): number {
  if (date instanceof Date && !Number.isNaN(date.getTime())) return date.getTime();
  throw argumentInvalid(argument, "a valid Date");
}
