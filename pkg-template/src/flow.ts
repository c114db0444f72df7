/** `patchUnsafeMetadata` and `clearUnsafeMetadata`: the profile flow, which the core runs. */
import { checkCallOptions } from "./call.js";
import { call, tokenOf, type Client } from "./calling.js";
import { objectText } from "./json.js";
import type { UserMetadata } from "./types.js";

export async function patchUnsafeMetadata(client: Client, patch: unknown, given: unknown): Promise<UserMetadata> {
  const text = objectText(patch, "patch");
  // Awaited: older workerd reports a rejection that is passed on one turn later as unhandled.
  return await change(client, text, given);
}

export async function clearUnsafeMetadata(client: Client, given: unknown): Promise<UserMetadata> {
  return await change(client, undefined, given);
}

async function change(client: Client, patch: string | undefined, given: unknown): Promise<UserMetadata> {
  const options = checkCallOptions(given, ["token"]);
  const token = tokenOf(client, options["token"]);
  return await call<UserMetadata>(client, options, (running, id, number, call) =>
    running.glue.patch_metadata(id, number, call, token, patch),
  );
}
