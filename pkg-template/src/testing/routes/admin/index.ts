/** The Admin API, self-hosted: it looks at no Authorization, knows no CORS, and has no public route. */
import { failure, withoutBody } from "../../answer.js";
import type { Answer } from "../../answer.js";
import type { Ask } from "../../world.js";
import { alive, ready, status } from "../status.js";
import { getMetadata, patchMetadata } from "./metadata.js";
import { createSession, deleteSession, listSessions } from "./sessions.js";
import { createUser, deleteUser, getUser, listUsers, patchUser } from "./users.js";
import { createHook, deleteHook, getHook } from "./webhooks.js";

/** `ids` are the path's, decoded. */
type AdminRoute = (ask: Ask, ...ids: string[]) => Answer | Promise<Answer>;

const ROUTES: readonly (readonly [method: string, path: RegExp, route: AdminRoute])[] = [
  ["GET", /^\/$/, status],
  ["GET", /^\/health\/alive$/, alive],
  ["GET", /^\/health\/ready$/, ready],
  ["GET", /^\/users$/, listUsers],
  ["POST", /^\/users$/, createUser],
  ["GET", /^\/users\/([^/]+)$/, getUser],
  ["PATCH", /^\/users\/([^/]+)$/, patchUser],
  ["DELETE", /^\/users\/([^/]+)$/, deleteUser],
  ["GET", /^\/users\/([^/]+)\/metadata$/, getMetadata],
  ["PATCH", /^\/users\/([^/]+)\/metadata$/, patchMetadata],
  ["POST", /^\/sessions$/, createSession],
  ["GET", /^\/users\/([^/]+)\/sessions$/, listSessions],
  ["DELETE", /^\/users\/([^/]+)\/sessions\/([^/]+)$/, deleteSession],
  ["POST", /^\/webhooks$/, createHook],
  ["GET", /^\/webhooks\/([^/]+)$/, getHook],
  ["DELETE", /^\/webhooks\/([^/]+)$/, deleteHook],
];

/** `ask.path` begins with the prefix `/admin`, which a self-hosted server does not have. */
export async function adminAnswer(ask: Ask): Promise<Answer> {
  const path = ask.path.slice("/admin".length);
  const found = ROUTES.find(([method, pattern]) => method === ask.method && pattern.test(path));
  if (!found) return ask.method === "HEAD" ? withoutBody(failure(404)) : failure(404);
  const [, pattern, route] = found;
  if (ask.database !== "well" && !/^\/(health|$)/.test(path)) return unavailable(path);
  return route(ask, ...(pattern.exec(path) ?? []).slice(1).map(decodeURIComponent));
}

/** Every route names the failure in its own words, or in none (`outage#database-down`). */
function unavailable(path: string): Answer {
  return path.endsWith("/metadata") ? failure(500, "could not fetch user") : failure(500);
}
