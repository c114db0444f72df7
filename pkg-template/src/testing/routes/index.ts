/** Which route answers what. */
import { failure, noContent, withoutBody } from "../answer.js";
import type { Answer } from "../answer.js";
import { DatabaseFailure } from "../world.js";
import type { Ask, Route } from "../world.js";
import { adminAnswer } from "./admin/index.js";
import { config } from "./config.js";
import { jwks } from "./jwks.js";
import { logout } from "./logout.js";
import { me } from "./me.js";
import { profile } from "./profile.js";
import { alive, ready, status } from "./status.js";
import { ownUser } from "./users.js";
import { validateGet, validatePost } from "./validate.js";

const ROUTES_OF_2_7 = new Map<string, Route>([["GET /.well-known/config", config]]);

const ROUTES = new Map<string, Route>([
  ["GET /", status],
  ["GET /health/alive", alive],
  ["GET /health/ready", ready],
  ["GET /.well-known/jwks.json", jwks],
  ["GET /sessions/validate", validateGet],
  ["POST /sessions/validate", validatePost],
  ["GET /me", me],
  ["POST /logout", logout],
  ["POST /profile", profile],
]);

/** An unknown route and a wrong method are both 404, HEAD always (`errors#plain-method-mismatch`); OPTIONS is 204 everywhere. */
export async function answer(ask: Ask): Promise<Answer> {
  const { method, path, world } = ask;
  if (path.startsWith("/admin/")) return adminAnswer(ask);
  if (method === "HEAD") return withoutBody(failure(404));
  if (method === "OPTIONS") return noContent();
  const name = `${method} ${path}`;
  const route = ROUTES.get(name) ?? (world.settings.version === "2.7" ? routeOf27(name) : undefined);
  try {
    return route ? await route(ask) : failure(404);
  } catch (error) {
    if (error instanceof DatabaseFailure) return failure(500);
    throw error;
  }
}

function routeOf27(name: string): Route | undefined {
  return /^GET \/users\/./.test(name) ? ownUser : ROUTES_OF_2_7.get(name);
}
