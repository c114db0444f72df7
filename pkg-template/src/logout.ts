/** Signing out. Both halves may be asked twice: a session that has ended already is no error. */
import { checkCallOptions } from "./call.js";
import { call, tokenOf, type Client } from "./calling.js";
import { callNow, type Load } from "./core.js";
import { optional } from "./options.js";

export async function logout(client: Client, given: unknown): Promise<void> {
  const options = checkCallOptions(given, ["token"]);
  const token = tokenOf(client, options["token"]);
  await call(client, options, (running, id, number, call) => running.glue.logout(id, number, call, token));
}

export function deletion(load: Load, options: unknown): string {
  const given = optional(options);
  return callNow(load, (glue) => glue.deletion_cookie(given));
}
