/** The rows: users, sessions, flows and hooks. */
import type { User } from "../types.js";
import type { Flow } from "./flow/state.js";
import type { Hook } from "./hooks.js";
import { escapeAsGo } from "./json.js";
import { EMPTY_ROW } from "./metadata.js";
import type { MetadataRow } from "./metadata.js";
import { rfc3339 } from "./time.js";
import type { Micros } from "./time.js";
import type { World } from "./world.js";

export interface StoredSession {
  id: string;
  userId: string;
  createdAt: Micros;
  expiresAt: Micros;
  lastUsed: Micros;
  userAgent: string | null;
  ipAddress: string | null;
}

export interface StoredUser {
  /** Its metadata and username are in the rows beside it. */
  profile: Omit<User, "metadata">;
  /** Undefined until the first write. */
  metadata: MetadataRow | undefined;
  username: { id: string; username: string; created_at: string; updated_at: string } | undefined;
  /** When the row was made, whatever `created_at` says: that of its addresses. */
  since: string;
  otpId: string;
}

export interface Store {
  users: Map<string, StoredUser>;
  /** Oldest first. */
  sessions: Map<string, StoredSession>;
  flows: Map<string, Flow>;
  hooks: Map<string, Hook>;
}

export function createStore(): Store {
  return { users: new Map(), sessions: new Map(), flows: new Map(), hooks: new Map() };
}

export function addUser(store: Store, given: Partial<User>, now: Micros): User {
  const since = rfc3339(now);
  const { metadata = {}, ...others } = structuredClone(given);
  const profile: StoredUser["profile"] = {
    user_id: crypto.randomUUID(),
    created_at: since,
    updated_at: since,
    identities: [],
    passkeys: [],
    security_keys: [],
    mfa_config: { auth_app_set_up: false, totp_enabled: true, security_keys_enabled: true },
    ...others,
    emails: emailsOf(given),
  };
  const primary = profile.emails.find(({ is_primary }) => is_primary);
  if (primary) profile.email = primary.address;
  const username = usernameRow(profile.username, since);
  store.users.set(profile.user_id, {
    ...{ profile, metadata: rowOf(metadata), username, since, otpId: crypto.randomUUID() },
  });
  return { ...structuredClone(profile), metadata: { public_metadata: {}, unsafe_metadata: {}, ...metadata } };
}

function usernameRow(username: string | undefined, since: string): StoredUser["username"] {
  return username === undefined
    ? undefined
    : { id: crypto.randomUUID(), username, created_at: since, updated_at: since };
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

export function userWith({ users }: Store, what: "email" | "username", text: string): StoredUser | undefined {
  const has = ({ profile, username }: StoredUser) =>
    what === "email" ? profile.emails.some(({ address }) => address === text) : username?.username === text;
  return [...users.values()].find(has);
}

/** His sessions go with him. */
export function removeUser(store: Store, userId: string): void {
  store.users.delete(userId);
  for (const { id } of sessionsOf(store, userId)) store.sessions.delete(id);
}

export function addSession(world: World, userId: string, from: Partial<StoredSession> = {}): StoredSession {
  const now = world.now();
  const times = { createdAt: now, expiresAt: now + world.settings.lifespan, lastUsed: now };
  const session = { id: crypto.randomUUID(), userId, ...times, userAgent: null, ipAddress: null, ...from };
  world.store.sessions.set(session.id, session);
  return session;
}

/** Oldest first, those included that have reached their end. */
export function sessionsOf({ sessions }: Store, userId: string): StoredSession[] {
  return [...sessions.values()].filter((one) => one.userId === userId);
}
