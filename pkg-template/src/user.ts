/** `getCurrentUser` and `getUser`: what Hanko tells a person of himself. */
import { checkCallOptions } from "./call.js";
import { call, tokenOf, type Client } from "./calling.js";
import { argumentInvalid } from "./error.js";
import type { User } from "./types.js";

export function getCurrentUser(client: Client, given: unknown): Promise<User> {
  return read(client, undefined, given);
}

export async function getUser(client: Client, userId: unknown, given: unknown): Promise<User> {
  if (typeof userId !== "string") throw argumentInvalid("the user's id", "a string");
  // Awaited: older workerd reports a rejection that is passed on one turn later as unhandled.
  return await read(client, userId, given);
}

async function read(client: Client, userId: string | undefined, given: unknown): Promise<User> {
  const options = checkCallOptions(given, ["token"]);
  const token = tokenOf(client, options["token"]);
  return await call<User>(client, options, (running, id, number, call) =>
    running.glue.user(id, number, call, token, userId),
  );
}
