/** The signed token of a session. */
import type { JsonObject } from "../types.js";
import { newClaims } from "./claims.js";
import { sortedJson } from "./json.js";
import type { StoredSession, StoredUser } from "./store.js";
import { sign } from "./token.js";
import type { World } from "./world.js";

/** `claims` and `header` override Hanko's own; what is `undefined` there is left out. */
export async function newToken(
  world: World,
  user: StoredUser,
  session: StoredSession,
  claims: JsonObject = {},
  header: JsonObject = {},
): Promise<string> {
  const key = world.keys.at(-1);
  if (!key) throw new Error("a server without keys");
  const own = newClaims(world.settings, user, session, session.createdAt);
  return sign(key, sortedJson({ ...own, ...claims }), header);
}
