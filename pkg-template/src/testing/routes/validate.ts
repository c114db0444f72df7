/** `GET` and `POST /sessions/validate`. */
import type { JsonObject } from "../../types.js";
import { failure, json } from "../answer.js";
import type { Answer } from "../answer.js";
import { bind } from "../bind.js";
import { carriedTokens } from "../carrier.js";
import { toldClaims, unreadable } from "../claims.js";
import { sortedJson } from "../json.js";
import { liveSession, renew, verifiedClaims } from "../session.js";
import type { StoredSession } from "../store.js";
import { SECOND, rfc3339 } from "../time.js";
import type { Ask } from "../world.js";

const REQUEST = { struct: "dto.ValidateSessionRequest", fields: { session_token: "string" } } as const;

/** The body's token alone. Renews the idle time. */
export async function validatePost(ask: Ask): Promise<Answer> {
  const bound = bind(ask, REQUEST);
  if ("answer" in bound) return bound.answer;
  const { session_token: token = "" } = bound.value;
  if (typeof token !== "string" || token === "")
    return failure(400, "code=400, message=session_token is a required field");
  return (await answerTo(ask, token, true)) ?? no();
}

/** The first good one of header and cookies. Renews nothing. */
export async function validateGet(ask: Ask): Promise<Answer> {
  for (const text of carriedTokens(ask.headers, ask.world.settings.cookieName)) {
    const answer = await answerTo(ask, text, false);
    if (answer) return answer;
  }
  return no();
}

/** Claims are read before the session is: 400 even where it has ended, and where a good token follows. */
async function answerTo(ask: Ask, text: string, renews: boolean): Promise<Answer | undefined> {
  const payload = await verifiedClaims(ask, text);
  if (!payload) return undefined;
  const fault = unreadable(payload);
  if (fault !== undefined) return failure(400, `failed to parse token claims: ${fault}`);
  const session = liveSession(ask, payload);
  if (!session) return undefined;
  if (renews) renew(ask, session);
  return yes(ask, payload, session);
}

function no(): Answer {
  return json('{"is_valid":false}');
}

/** `user_id` and `expiration_time` are those of the token, whatever custom claims say. */
function yes({ world }: Ask, payload: JsonObject, session: StoredSession): Answer {
  const exp = Math.trunc(Number(payload["exp"])) * SECOND;
  const { idleTimeout } = world.settings;
  const members = [
    '"is_valid":true',
    `"claims":${sortedJson(toldClaims(payload))}`,
    `"expiration_time":"${rfc3339(exp)}"`,
    `"user_id":${JSON.stringify(payload["sub"] ?? "")}`,
  ];
  if (idleTimeout !== undefined)
    members.push(`"idle_expires_at":"${rfc3339(Math.min(session.lastUsed + idleTimeout, exp))}"`);
  return json(`{${members.join(",")}}`);
}
