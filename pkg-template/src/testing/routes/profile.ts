/** `POST /profile`: the profile flow. */
import { failure } from "../answer.js";
import type { Answer } from "../answer.js";
import { preflightActions, profileActions } from "../flow/actions.js";
import { flowFailure, flowState } from "../flow/answer.js";
import { readInput } from "../flow/input.js";
import type { Input } from "../flow/input.js";
import { patchMetadata } from "../flow/patch.js";
import { newCsrf, newFlow } from "../flow/state.js";
import type { Flow } from "../flow/state.js";
import { NumberBeyondFloat, parseLoosely, reread } from "../json.js";
import type { MetadataRow } from "../metadata.js";
import { carriedSession, renew } from "../session.js";
import { sessionsOf } from "../store.js";
import type { StoredSession, StoredUser } from "../store.js";
import { rfc3339 } from "../time.js";
import { parseUuid } from "../uuid.js";
import { ConnectionClosed, DatabaseFailure } from "../world.js";
import type { Ask } from "../world.js";
import { profileText } from "./me.js";

/** Who asks: whoever carries the token of this request, whosever flow it is (`flow-auth#other-users-token`). */
interface Caller {
  user: StoredUser;
  session: StoredSession;
}

export async function profile(ask: Ask): Promise<Answer> {
  try {
    return await answerStep(ask);
  } catch (error) {
    if (error instanceof DatabaseFailure) return flowFailure(500);
    throw error;
  }
}

/** The checks in Hanko's order; the first that fails answers. */
async function answerStep(ask: Ask): Promise<Answer> {
  const { world } = ask;
  const live = await carriedSession(ask);
  const user = live && world.store.users.get(live.session.userId);
  if (!live || !user) return unauthorized(ask);
  renew(ask, live.session);
  const action = new URLSearchParams(ask.query).get("action") ?? "";
  if (action === "") return begin(ask);
  const input = readInput(ask);
  const target = targetOf(action);
  if (!input || !target) return flowFailure(500);
  const flow = world.store.flows.get(target.flowId);
  if (flow?.busy) return flowFailure(500);
  if (!flow) return flowFailure(403);
  if (world.now() >= flow.expiresAt) return flowFailure(410);
  if (input.csrf !== flow.csrf) return flowFailure(403);
  flow.busy = true;
  try {
    return await execute(ask, flow, { user, session: live.session }, target.name, input);
  } finally {
    flow.busy = false;
  }
}

/** 3.x closes the connection where the session has just been found idle too long (`idle#idle-expired-profile`). */
function unauthorized(ask: Ask): Answer {
  if (ask.deletesCookie && ask.world.settings.version !== "2.7") throw new ConnectionClosed();
  return flowFailure(401);
}

function begin({ world }: Ask): Answer {
  const flow = newFlow(world.now());
  world.store.flows.set(flow.id, flow);
  return flowState(flow, "{}", preflightActions(flow));
}

/** `name@uuid`, with one `@`. */
function targetOf(action: string): { name: string; flowId: string } | undefined {
  const [name = "", id = "", ...more] = action.split("@");
  const flowId = parseUuid(id);
  return name === "" || flowId === undefined || more.length > 0 ? undefined : { name, flowId };
}

async function execute(ask: Ask, flow: Flow, caller: Caller, name: string, input: Input): Promise<Answer> {
  if (flow.state === "preflight" && name === "register_client_capabilities") {
    flow.state = "profile_init";
    flow.webauthn = input.data.get("webauthn_available") === "true";
    return profileInit(ask, flow, caller, caller.user.metadata);
  }
  if (flow.state !== "profile_init" || name !== "patch_metadata") return flowFailure(403);
  const outcome = await patchMetadata(ask.world, caller.user, input.data.get("patch_metadata"));
  if (outcome === "rolled back") return flowFailure(500);
  if ("row" in outcome) return profileInit(ask, flow, caller, outcome.row);
  return profileInit(ask, flow, caller, caller.user.metadata, outcome.cause);
}

/** The action is done, and its csrf token spent, also where the answer cannot be written: then the new one is lost (`flow-retry#csrf-after-bare-500`). */
function profileInit(ask: Ask, flow: Flow, caller: Caller, row: MetadataRow | undefined, cause?: string): Answer {
  flow.csrf = newCsrf();
  const { user, session } = caller;
  const live = sessionsOf(ask.world.store, user.profile.user_id).filter(({ expiresAt }) => expiresAt > ask.world.now());
  const sessions = live.reverse();
  const others = sessions.filter((one) => one !== session);
  try {
    const shown = reread(profileText({ ...user, metadata: row }), parseLoosely);
    const payload = `{"sessions":${JSON.stringify(sessions.map((one) => shownSession(one, session)))},"user":${shown}}`;
    const status = cause === undefined ? 200 : 400;
    return flowState(flow, payload, profileActions(flow, user, others, cause), status);
  } catch (error) {
    if (error instanceof NumberBeyondFloat) return failure(500);
    throw error;
  }
}

function shownSession(one: StoredSession, current: StoredSession): object {
  const { id, createdAt, expiresAt, lastUsed } = one;
  return {
    created_at: rfc3339(createdAt),
    current: one === current,
    expires_at: rfc3339(expiresAt),
    id,
    last_used: rfc3339(lastUsed),
  };
}
