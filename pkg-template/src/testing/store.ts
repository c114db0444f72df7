/** The rows: users, sessions and flows. */
import type { User } from "../types.js";
import type { Flow } from "./flow/state.js";
import { escapeAsGo } from "./json.js";
import { EMPTY_ROW } from "./metadata.js";
import type { MetadataRow } from "./metadata.js";
import { rfc3339 } from "./time.js";
import type { Micros } from "./time.js";

export interface StoredSession {
  id: string;
  userId: string;
  createdAt: Micros;
  expiresAt: Micros;
  lastUsed: Micros;
}

export interface StoredUser {
  /** Its metadata is in the row beside it. */
  profile: Omit<User, "metadata">;
  /** Undefined until the first write. */
  metadata: MetadataRow | undefined;
  /** `/me` shows the username as a row of its own. */
  usernameId: string;
}

export interface Store {
  users: Map<string, StoredUser>;
  /** Oldest first. */
  sessions: Map<string, StoredSession>;
  flows: Map<string, Flow>;
}

export function createStore(): Store {
  return { users: new Map(), sessions: new Map(), flows: new Map() };
}

export function addUser(store: Store, given: Partial<User>, now: Micros): User {
  const time = rfc3339(now);
  const { metadata = {}, ...others } = structuredClone(given);
  const profile: StoredUser["profile"] = {
    user_id: crypto.randomUUID(),
    created_at: time,
    updated_at: time,
    identities: [],
    passkeys: [],
    security_keys: [],
    mfa_config: { auth_app_set_up: false, totp_enabled: true, security_keys_enabled: true },
    ...others,
    emails: emailsOf(given),
  };
  const primary = profile.emails.find(({ is_primary }) => is_primary);
  if (primary) profile.email = primary.address;
  const user = { profile, metadata: rowOf(metadata), usernameId: crypto.randomUUID() };
  store.users.set(profile.user_id, user);
  return { ...structuredClone(profile), metadata: { public_metadata: {}, unsafe_metadata: {}, ...metadata } };
}

function rowOf(metadata: Partial<User["metadata"]>): MetadataRow | undefined {
  const filled = Object.entries(metadata).filter(([, value]) => Object.keys(value).length > 0);
  const texts = filled.map(([kind, value]) => [kind, escapeAsGo(JSON.stringify(value))]);
  return filled.length > 0 ? { ...EMPTY_ROW, ...Object.fromEntries(texts) } : undefined;
}

/** Hanko keeps addresses in lower case. */
function emailsOf({ email, emails, username }: Partial<User>): User["emails"] {
  if (emails) return structuredClone(emails).map((one) => ({ ...one, address: one.address.toLowerCase() }));
  if (email === undefined && username !== undefined) return [];
  const address = email?.toLowerCase() ?? `${crypto.randomUUID().slice(0, 8)}@example.com`;
  return [{ id: crypto.randomUUID(), address, is_verified: true, is_primary: true }];
}

export function addSession(store: Store, userId: string, now: Micros, lifespan: Micros): StoredSession {
  const id = crypto.randomUUID();
  const session = { id, userId, createdAt: now, expiresAt: now + lifespan, lastUsed: now };
  store.sessions.set(session.id, session);
  return session;
}
