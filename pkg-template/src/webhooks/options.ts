/** What `webhookRoute` is given, checked at once. */
import { argumentInvalid, misuse, unknownOption } from "../error.js";
import { lent } from "../options.js";
import type { Hanko, RevocationList, WebhookEvent } from "../types.js";
import { memoryFor } from "./seen.js";

/** Seconds: 30 days. */
const LIFESPAN = 2_592_000;
/** Seconds: 100 years, so that every sum is a date. */
const LONGEST_LIFESPAN = 3_155_760_000;

/** What `webhookRoute` takes beside the client. */
export interface WebhookRouteOptions {
  /** Filled from `session.delete.*` and `user.delete`, also on a replay. */
  revocations?: RevocationList;
  /** Seconds for which sessions live at most (`session.lifespan`): how long a deleted user is remembered. Default 30 days. */
  sessionLifespan?: number;
  /**
   * Called once per event; awaited. If it throws, the answer is 500, and nobody else is told: log in it what must be known.
   * Hanko does not repeat a delivery. Of two events that are alike in every member within one second Hanko makes one token: they are one.
   */
  onEvent?: (event: WebhookEvent) => void | Promise<void>;
  /**
   * Remembers event ids for 5 minutes, and 5 more for `clockTolerance`, so that a replay is seen once. Default: in memory, 10000 ids, kept with `onEvent`:
   * a route that is made in every request remembers as much as one that is kept, where it is given the same function.
   * Two routes with different work need a place each: Hanko sends all of them the same token.
   */
  seen?: { /** Atomic; false when it was there already. */ add(id: string, until: Date): boolean | Promise<boolean> };
}

export interface Route {
  readonly hanko: Hanko;
  readonly revocations: RevocationList | undefined;
  /** Milliseconds. */
  readonly sessionLifespan: number;
  readonly onEvent: WebhookRouteOptions["onEvent"];
  readonly seen: WebhookRouteOptions["seen"];
}

/** @throws HankoError `argument_invalid`, `config_invalid`, naming the option */
export function parseRoute(hanko: unknown, given: unknown): Route {
  if (typeof (hanko as Hanko | null)?.verifyWebhook !== "function") {
    throw argumentInvalid("the first argument", "a client of createHanko");
  }
  const { revocations, sessionLifespan, onEvent, seen, ...others } = membersOf(given);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw unknownOption(unknown);
  if (onEvent !== undefined && typeof onEvent !== "function") {
    throw misuse("config_invalid", "option onEvent must be a function");
  }
  return {
    hanko: hanko as Hanko,
    revocations: lent<RevocationList>("revocations", revocations, ["isRevoked", "revoke", "revokeUser"]),
    sessionLifespan: lifespanIn(sessionLifespan) * 1000,
    onEvent: onEvent as Route["onEvent"],
    seen: lent<NonNullable<Route["seen"]>>("seen", seen, ["add"]) ?? (onEvent && memoryFor(onEvent)),
  };
}

function membersOf(given: unknown): Record<string, unknown> {
  if (given === undefined) return {};
  const must = misuse("config_invalid", "the options must be an object");
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw must;
  try {
    return { ...given };
  } catch {
    throw must; // A getter or a proxy of the caller's threw: whatever that was, it is not told on.
  }
}

function lifespanIn(seconds: unknown): number {
  if (seconds === undefined) return LIFESPAN;
  if (Number.isInteger(seconds) && (seconds as number) >= 1 && (seconds as number) <= LONGEST_LIFESPAN) {
    return seconds as number;
  }
  throw misuse("config_invalid", `option sessionLifespan must be a whole number from 1 to ${LONGEST_LIFESPAN}`);
}
