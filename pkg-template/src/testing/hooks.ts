/** Webhooks made through the Admin API: who is told what, and the delivery (`webhooks-delivery`). */
import { sign } from "./token.js";
import { webhookClaims } from "./webhook.js";
import { SECOND, rfc3339 } from "./time.js";
import type { World } from "./world.js";

export interface Hook {
  id: string;
  callback: string;
  enabled: boolean;
  failures: number;
  expires_at: string;
  events: { id: string; event: string }[];
  created_at: string;
  updated_at: string;
}

/** Every name that Hanko takes. This server has cause to tell `user.create` and `user.delete`. */
export const EVENTS: readonly string[] = [
  ...["user", "user.login", "user.create", "user.update", "user.delete", "email.send"],
  ...["user.update.email", "user.update.email.create", "user.update.email.primary", "user.update.email.delete"],
  ...["user.update.username", "user.update.username.create", "user.update.username.delete"],
  ...["user.update.username.update", "user.update.password.update"],
];

/** In seconds. */
const LIFE = 30 * 24 * 3600;
const TIMEOUT_MS = 10_000;
/** With one more in a row the hook is disabled. */
const MOST_FAILURES = 5;

export function addHook(world: World, callback: string, events: readonly string[]): Hook {
  const now = rfc3339(world.now());
  const rows = events.map((event) => ({ id: crypto.randomUUID(), event }));
  const expires_at = rfc3339(world.now() + LIFE * SECOND);
  const state = { enabled: true, failures: 0, expires_at, events: rows };
  const hook = { id: crypto.randomUUID(), callback, ...state, created_at: now, updated_at: now };
  world.store.hooks.set(hook.id, hook);
  return hook;
}

/** Tells every hook that listens, each once; nobody waits for it. `data` is JSON text. */
export function announce(world: World, event: string, data: string): void {
  const listens = ({ enabled, events }: Hook) => enabled && events.some((one) => event.startsWith(one.event));
  for (const hook of [...world.store.hooks.values()].filter(listens)) void deliver(world, hook, event, data);
}

async function deliver(world: World, hook: Hook, event: string, data: string): Promise<void> {
  const key = world.keys.at(-1);
  if (!key) return;
  const token = await sign(key, webhookClaims(world.settings, event, data, world.now(), {}), {});
  const arrived = await post(hook.callback, JSON.stringify({ token, event }));
  hook.failures = arrived ? 0 : hook.failures + 1;
  if (hook.failures > MOST_FAILURES) hook.enabled = false;
  hook.updated_at = rfc3339(world.now());
}

/** Whether it was taken. Redirects are followed as Go follows them, which is as Fetch does. */
async function post(callback: string, body: string): Promise<boolean> {
  const headers = { "content-type": "application/json" };
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(callback, { method: "POST", headers, body, signal });
    await response.body?.cancel();
    return response.status < 400;
  } catch {
    return false;
  }
}
