/** What an event ends. */
import type { WebhookEvent } from "../types.js";
import type { Route } from "./options.js";

/** Milliseconds by which a token may outlive its `exp`: the largest `clockTolerance`. */
export const TOLERANCE = 300_000;

/** Milliseconds before another try. Hanko does not repeat a delivery, and what was not written here lets a session live. */
const PAUSES = [250, 1000];

/**
 * Writes what the event ends to the list. The same event writes the same entries, whenever it comes.
 *
 * A session that the event does not date is remembered as a user is. A deleted user's sessions have no events of their
 * own: of his the list holds all that were issued up to the event (`iat`, by Hanko's clock), for as long as one can live.
 */
export async function revoke({ revocations, sessionLifespan }: Route, event: WebhookEvent): Promise<void> {
  const { id, expires_at } = Object(event.data) as { id: string; expires_at?: unknown };
  const longest = new Date(event.issuedAt.getTime() + sessionLifespan + TOLERANCE);
  if (event.event.startsWith("session.delete.")) {
    const dated = typeof expires_at === "string" ? Date.parse(expires_at) : NaN;
    const until = dated > 0 ? new Date(dated + TOLERANCE) : longest; // Go's own time for none is of the year 1.
    await persistently(() => revocations?.revoke(id, until));
  } else if (event.event === "user.delete") {
    await persistently(() => revocations?.revokeUser(id, event.issuedAt, longest));
  }
}

async function persistently(write: () => unknown): Promise<void> {
  for (const pause of PAUSES) {
    try {
      await write();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  await write();
}
