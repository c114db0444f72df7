/** `createAdmin`: the Admin API, for servers. */
import { checkCallOptions } from "../call.js";
import { call, numberOf, type Client } from "../calling.js";
import { instance, type Load } from "../core.js";
import { argumentInvalid, misuse } from "../error.js";
import { originText, patchText, userText } from "./arguments.js";
import { parseAdminOptions } from "./options.js";
import type { Admin, AdminMetadata, AdminSession, AdminUser } from "./types.js";

/** Options of `createSession` besides those of every call. */
const ORIGIN = ["userAgent", "ipAddress"];

export function createAdminClient(load: Load, given: unknown): Admin {
  refusePages();
  const { key, client: options } = parseAdminOptions(given);
  const client: Client = { load, ...options, known: { number: 0 } };
  numberOf(client, instance(load));

  async function ask<T>(name: string, user: unknown, given: unknown, more = ""): Promise<T> {
    const options = checkCallOptions(given, name === "createSession" ? ORIGIN : []);
    const id = textOf(user, "the user's id");
    return await call<T>(client, options, (running, number, config, open) =>
      running.glue.admin(number, config, open, name, key, id, more),
    );
  }

  return Object.freeze({
    getUser: (userId, options) => ask<AdminUser>("getUser", userId, options),
    getMetadata: (userId, options) => ask<AdminMetadata>("getMetadata", userId, options),
    patchMetadata: async (userId, patch, options) =>
      await ask<AdminMetadata>("patchMetadata", userId, options, patchText(patch)),
    createSession: async (userId, options) => {
      const origin = originText(checkCallOptions(options, ORIGIN));
      return await ask<{ session_token: string }>("createSession", userId, options, origin);
    },
    listSessions: (userId, options) => ask<AdminSession[]>("listSessions", userId, options),
    createUser: async (user, options) => await ask<AdminUser>("createUser", "", options, userText(user)),
    deleteUser: async (userId, options) => void (await ask("deleteUser", userId, options)),
    deleteSessions: (userId, options) => ask<number>("deleteSessions", userId, options),
    deleteSession: async (userId, sessionId, options) => {
      await ask("deleteSession", userId, options, textOf(sessionId, "the session's id"));
    },
  } satisfies Admin);
}

/** An API key in a page is everybody's. */
function refusePages(): void {
  const { window } = globalThis as { window?: { document?: unknown } };
  if (window?.document !== undefined) {
    throw misuse(
      "config_invalid",
      "hanko-edge/admin is for servers: here are a window and a document (in a test take the environment node)",
    );
  }
}

function textOf(value: unknown, argument: string): string {
  if (typeof value !== "string") throw argumentInvalid(argument, "a string");
  return value;
}
