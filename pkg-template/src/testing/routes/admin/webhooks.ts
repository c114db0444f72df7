/** `/webhooks` of the Admin API: a hook is made, read and removed (`webhooks-delivery#hook-create-errors`, `#database-hook`). */
import type { JsonValue } from "../../../types.js";
import { failure, json, noContent } from "../../answer.js";
import type { Answer } from "../../answer.js";
import { bind } from "../../bind.js";
import { EVENTS, addHook } from "../../hooks.js";
import type { Hook } from "../../hooks.js";
import { UUID_4 } from "../../uuid.js";
import type { Ask } from "../../world.js";

const NEW_HOOK = {
  struct: "admin.CreateWebhookRequestDto",
  fields: { callback: "string", events: "any" },
} as const;

export function createHook(ask: Ask): Answer {
  const bound = bind(ask, NEW_HOOK);
  if ("answer" in bound) return bound.answer;
  const { callback = "", events } = bound.value;
  const faults = [callbackFault(String(callback)), eventsFault(events)].filter((one) => one !== undefined);
  if (faults.length > 0) return failure(400, `code=400, message=${faults.join(" and ")}`);
  return json(JSON.stringify(addHook(ask.world, String(callback), events as string[])), 201);
}

export function getHook(ask: Ask, id: string): Answer {
  return withHook(ask, id, (hook) => json(JSON.stringify(hook)));
}

export function deleteHook(ask: Ask, id: string): Answer {
  return withHook(ask, id, (hook) => {
    ask.world.store.hooks.delete(hook.id);
    return noContent();
  });
}

/** The `%s` is Hanko's. */
function withHook({ world }: Ask, id: string, answer: (hook: Hook) => Answer): Answer {
  if (!UUID_4.test(id)) return failure(400, "code=400, message=ID must be a valid uuid4");
  const hook = world.store.hooks.get(id);
  return hook ? answer(hook) : failure(404, "unable to find webhook with id: %s");
}

function callbackFault(callback: string): string | undefined {
  if (callback === "") return "callback is a required field";
  return URL.canParse(callback) ? undefined : "callback must be a valid URL";
}

function eventsFault(events: JsonValue | undefined): string | undefined {
  if (!Array.isArray(events)) return "events is a required field";
  if (events.length === 0) return "length of events must be greater or equal to 1";
  const unknown = events.findIndex((event) => !EVENTS.includes(String(event)));
  return unknown === -1 ? undefined : `${events[unknown]} in events[${unknown}] is not a valid webhook event`;
}
