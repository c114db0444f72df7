/** Sessions in the Admin API (`admin#session-*`). */
import { failure, json, noContent } from "../../answer.js";
import type { Answer } from "../../answer.js";
import { bind } from "../../bind.js";
import { newToken } from "../../session-token.js";
import { addSession, sessionsOf } from "../../store.js";
import type { StoredSession } from "../../store.js";
import { rfc3339 } from "../../time.js";
import { UUID_4 } from "../../uuid.js";
import type { Ask } from "../../world.js";

const NEW_SESSION = {
  struct: "admin.CreateSessionTokenDto",
  fields: { user_id: "string", user_agent: "string", ip_address: "string" },
} as const;

export async function createSession(ask: Ask): Promise<Answer> {
  const bound = bind(ask, NEW_SESSION);
  if ("answer" in bound) return bound.answer;
  const { user_id = "", user_agent, ip_address } = bound.value as Record<string, string>;
  if (user_id === "") return failure(400, "user_id is a required field");
  if (!isUuid(ask, user_id)) return failure(400, "user_id must be a valid uuid");
  if (ip_address && !isAddress(ip_address)) return failure(400, "ip_address must be a valid ip address (v4 or v6)");
  const { world } = ask;
  const user = world.store.users.get(user_id.toLowerCase());
  if (!user) return failure(404, "user not found");
  const session = addSession(world, user.profile.user_id, {
    userAgent: user_agent || null,
    ipAddress: ip_address || null,
  });
  endOldest(ask, session);
  return json(JSON.stringify({ session_token: await newToken(world, user, session) }));
}

/** Beyond `session.limit` the oldest by creation goes, even if just used (`admin-session-limit#limit-by-creation-or-use`). */
function endOldest({ world }: Ask, { userId }: StoredSession): void {
  for (const { id } of sessionsOf(world.store, userId).slice(0, -world.settings.sessionLimit))
    world.store.sessions.delete(id);
}

export function listSessions(ask: Ask, id: string): Answer {
  if (!isUuid(ask, id)) return failure(400, "code=400, message=UserID must be a valid uuid");
  const { store, now } = ask.world;
  const userId = id.toLowerCase();
  if (!store.users.has(userId)) return failure(404);
  const sessions = sessionsOf(store, userId).filter(({ expiresAt }) => expiresAt > now());
  return json(JSON.stringify(sessions.reverse().map(sessionRow)));
}

export function deleteSession(ask: Ask, id: string, sessionId: string): Answer {
  if (!isUuid(ask, id)) return failure(400, "code=400, message=UserID must be a valid uuid");
  if (!UUID_4.test(sessionId)) return failure(400, "code=400, message=SessionID must be a valid uuid4");
  const { sessions } = ask.world.store;
  if (sessions.get(sessionId)?.userId !== id.toLowerCase()) return failure(404);
  sessions.delete(sessionId);
  return noContent();
}

function sessionRow(session: StoredSession): object {
  const { id, userId, userAgent, ipAddress, createdAt, expiresAt, lastUsed } = session;
  return {
    id,
    user_id: userId,
    user_agent: userAgent,
    ip_address: ipAddress,
    created_at: rfc3339(createdAt),
    updated_at: rfc3339(createdAt),
    expires_at: rfc3339(expiresAt),
    last_used: rfc3339(lastUsed),
  };
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** With hyphens; in 2.7 in lower case. */
function isUuid({ world }: Ask, text: string): boolean {
  return UUID.test(world.settings.version === "2.7" ? text : text.toLowerCase());
}

/** IPv4, or what a URL takes as an IPv6 host. */
function isAddress(text: string): boolean {
  if (/^\d+(\.\d+){3}$/.test(text)) return text.split(".").every((part) => Number(part) < 256);
  return text.includes(":") && URL.canParse(`http://[${text}]/`);
}
