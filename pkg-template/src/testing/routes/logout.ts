/** `POST /logout`. */
import { failure, noContent } from "../answer.js";
import type { Answer } from "../answer.js";
import { carriedSession } from "../session.js";
import type { Ask } from "../world.js";

/** Ends the first good session only, header before cookie, and deletes the cookie all the same (`cookies#logout`). */
export async function logout(ask: Ask): Promise<Answer> {
  const live = await carriedSession(ask);
  if (!live) return failure(401);
  ask.world.store.sessions.delete(live.session.id);
  ask.deletesCookie = true;
  return noContent();
}
