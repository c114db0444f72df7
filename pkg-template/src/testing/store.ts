/** The rows: users and sessions. */
import type { User } from "../types.js";
import { rfc3339 } from "./time.js";
import type { Micros } from "./time.js";

export interface StoredSession {
  id: string;
  userId: string;
  lastUsed: Micros;
}

export interface StoredUser {
  profile: User;
  /** `/me` shows the username as a row of its own. */
  usernameId: string;
}

export interface Store {
  users: Map<string, StoredUser>;
  sessions: Map<string, StoredSession>;
}

export function createStore(): Store {
  return { users: new Map(), sessions: new Map() };
}

export function addUser(store: Store, given: Partial<User>, now: Micros): User {
  const time = rfc3339(now);
  const profile: User = {
    user_id: crypto.randomUUID(),
    created_at: time,
    updated_at: time,
    identities: [],
    passkeys: [],
    security_keys: [],
    mfa_config: { auth_app_set_up: false, totp_enabled: true, security_keys_enabled: true },
    metadata: { public_metadata: {}, unsafe_metadata: {} },
    ...structuredClone(given),
    emails: emailsOf(given),
  };
  const primary = profile.emails.find(({ is_primary }) => is_primary);
  if (primary) profile.email = primary.address;
  store.users.set(profile.user_id, { profile, usernameId: crypto.randomUUID() });
  return structuredClone(profile);
}

/** Hanko keeps addresses in lower case. */
function emailsOf({ email, emails, username }: Partial<User>): User["emails"] {
  if (emails) return structuredClone(emails).map((one) => ({ ...one, address: one.address.toLowerCase() }));
  if (email === undefined && username !== undefined) return [];
  const address = email?.toLowerCase() ?? `${crypto.randomUUID().slice(0, 8)}@example.com`;
  return [{ id: crypto.randomUUID(), address, is_verified: true, is_primary: true }];
}

export function addSession(store: Store, userId: string, now: Micros): StoredSession {
  const session = { id: crypto.randomUUID(), userId, lastUsed: now };
  store.sessions.set(session.id, session);
  return session;
}
