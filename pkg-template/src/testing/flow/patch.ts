/** The action `patch_metadata`: reads the user's row, merges, and writes the whole row, without lock or version check. */
import { parseString } from "../json.js";
import { isJson } from "../json-text.js";
import { EMPTY_ROW, patched } from "../metadata.js";
import type { MetadataRow } from "../metadata.js";
import type { StoredUser } from "../store.js";
import { nextTurn } from "../time.js";
import type { World } from "../world.js";

/** The row as written, what is wrong with the patch, or a transaction that was rolled back. */
export type Outcome = { row: MetadataRow } | { cause: string } | "rolled back";

const NO_OBJECT = "patch metadata must be an object or null";
const TOO_LONG = "metadata must not exceed character limit (3000)";

/** `input` is JSON text as Go has re-written it; undefined where the member is missing. */
export async function patchMetadata(world: World, user: StoredUser, input: string | undefined): Promise<Outcome> {
  const patch = patchOf(input);
  if (patch === undefined) return { cause: NO_OBJECT };
  if (patch !== null && !isJson(patch)) return "rolled back";
  const found = user.metadata;
  const unsafe_metadata = patch === null ? null : patched(found?.unsafe_metadata ?? null, patch);
  if (unsafe_metadata === undefined) return { cause: TOO_LONG };
  await nextTurn();
  return write(world, user, found, { ...(found ?? EMPTY_ROW), unsafe_metadata });
}

/** The patch's text, null for "clear", undefined for what is refused (`flow-input#patch-missing-null-scalars`, `#string-holding-object`). */
function patchOf(input: string | undefined): string | null | undefined {
  if (input?.startsWith("{")) return input;
  const text = input?.startsWith('"') ? parseString(input) : "";
  if (text === "null") return null;
  return text.startsWith("{") && text.endsWith("}") ? text : undefined;
}

/** Of two first writes at once the second finds the row taken (`flow-concurrency#first-write-race`). */
function write(
  world: World,
  user: StoredUser,
  found: MetadataRow | undefined,
  row: MetadataRow,
): { row: MetadataRow } | "rolled back" {
  const isGone = world.store.users.get(user.profile.user_id) !== user;
  if (isGone || (found === undefined && user.metadata !== undefined)) return "rolled back";
  user.metadata = row;
  return { row };
}
