/** `/users/{id}/metadata` of the Admin API: all three kinds, 204 where all are empty. */
import { failure, json, noContent } from "../../answer.js";
import type { Answer } from "../../answer.js";
import { mediaType, syntaxError } from "../../bind.js";
import { parseString } from "../../json.js";
import { firstValue, isJson, members } from "../../json-text.js";
import { EMPTY_ROW, KINDS, patchedByAdmin, shownMetadata } from "../../metadata.js";
import type { Kind, MetadataRow } from "../../metadata.js";
import type { StoredUser } from "../../store.js";
import { nextTurn } from "../../time.js";
import { parseUuid } from "../../uuid.js";
import type { Ask } from "../../world.js";

/** JSON texts by kind; null clears. Kinds that change nothing are not in it. */
type Patch = Partial<Record<Kind, string | null>>;

const CLEAR_ALL: Patch = EMPTY_ROW;

export function getMetadata(ask: Ask, id: string): Answer {
  const found = userOf(ask, id);
  return "answer" in found ? found.answer : shown(found.user.metadata);
}

/** Reads the row, merges, and writes the whole row, as the profile flow does: a patch of the user's that overlaps may undo it. */
export async function patchMetadata(ask: Ask, id: string): Promise<Answer> {
  if (parseUuid(id) === undefined) return failure(400, "invalid user id");
  const patch = patchOf(ask);
  if ("answer" in patch) return patch.answer;
  const found = userOf(ask, id);
  if ("answer" in found) return found.answer;
  if (!("kinds" in patch)) return failure(500, "could not patch metadata");
  const { user } = found;
  const merged = mergedRow(user.metadata ?? EMPTY_ROW, patch.kinds);
  if ("tooLong" in merged) return failure(400, `metadata limit exceeded: ${merged.tooLong.join(", ")}`);
  if (!ask.isUtf8) return failure(500, "could not save metadata");
  if (Object.keys(patch.kinds).length === 0) return shown(user.metadata);
  await nextTurn();
  user.metadata = merged.row;
  return shown(merged.row);
}

function userOf({ world }: Ask, id: string): { user: StoredUser } | { answer: Answer } {
  const userId = parseUuid(id);
  if (userId === undefined) return { answer: failure(400, "invalid user id") };
  const user = world.store.users.get(userId);
  return user ? { user } : { answer: failure(404, "user not found") };
}

function shown(row: MetadataRow | undefined): Answer {
  const text = shownMetadata(row, KINDS);
  return text === undefined ? noContent() : json(text);
}

/** Nothing at all of a form. Text after the first value is ignored: `nullx` clears everything. */
function patchOf({ headers, body }: Ask): { kinds: Patch } | { answer: Answer } | { nothing: true } {
  const bad = (message: string) => ({ answer: failure(400, message) });
  const type = mediaType(headers);
  if (body.trim() === "" || type === "application/x-www-form-urlencoded") return { nothing: true };
  if (type !== "application/json") return bad("code=415, message=Unsupported Media Type");
  const text = firstValue(body);
  if (text === undefined) return bad("code=400, message=unexpected EOF, internal=unexpected EOF");
  if (!isJson(text)) return bad(syntaxMessage(text));
  if (text === "null") return { kinds: CLEAR_ALL };
  return text.startsWith("{") ? kindsOf(text) : bad(twice("patch metadata must be null or object"));
}

/** Of a kind that comes twice the first counts; the very text `{}` changes nothing (`admin-metadata#empty-kind-with-blank`). */
function kindsOf(text: string): { kinds: Patch } | { answer: Answer } {
  const given = members(text).map(({ name, value }) => ({ name: parseString(name), value }));
  const kinds: Patch = {};
  for (const kind of KINDS) {
    const value = given.find(({ name }) => name === kind)?.value;
    if (value === undefined || value === "{}") continue;
    if (value !== "null" && !value.startsWith("{"))
      return { answer: failure(400, twice(`${kind} must be an object or null`)) };
    kinds[kind] = value === "null" ? null : value;
  }
  return { kinds };
}

function syntaxMessage(text: string): string {
  const message = syntaxError(text);
  return `code=400, message=${message}, internal=${message.slice(message.indexOf("error=") + "error=".length)}`;
}

function twice(message: string): string {
  return `code=400, message=${message}, internal=${message}`;
}

/** Where any kind is too long nothing is stored. */
function mergedRow(row: MetadataRow, patch: Patch): { row: MetadataRow } | { tooLong: string[] } {
  const merged = { ...row };
  const tooLong: string[] = [];
  for (const kind of ["unsafe_metadata", "public_metadata", "private_metadata"] as const) {
    const text = patch[kind];
    if (text === undefined) continue;
    const after = text === null ? null : patchedByAdmin(row[kind], text);
    if (after === undefined) tooLong.push(`${kind.replace("_", " ")} must not exceed 3000 characters`);
    else merged[kind] = after;
  }
  return tooLong.length > 0 ? { tooLong } : { row: merged };
}
