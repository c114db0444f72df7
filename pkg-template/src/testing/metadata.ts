/** The row of a user's metadata: three texts, and how a patch changes one of them. */
import { escapeAsGo } from "./json.js";
import { compact, depth } from "./json-text.js";
import { merge, pruned } from "./merge.js";

/** The text as stored; null is the database's NULL. */
export interface MetadataRow {
  public_metadata: string | null;
  private_metadata: string | null;
  unsafe_metadata: string | null;
}
export type Kind = keyof MetadataRow;

/** In the order of the Admin API's answers. */
export const KINDS: readonly Kind[] = ["public_metadata", "private_metadata", "unsafe_metadata"];
/** Private metadata is the Admin API's alone. */
export const SHOWN_TO_USER: readonly Kind[] = ["public_metadata", "unsafe_metadata"];

export const EMPTY_ROW: MetadataRow = { public_metadata: null, private_metadata: null, unsafe_metadata: null };

/** Code points of the stored text. */
const LONGEST = 3000;
/** Whatever is nested deeper does not fit: a level takes two characters. */
const DEEPEST = 1600;

/** The stored text after a patch, or undefined where it would be too long. `patch` must be the JSON text of an object. */
export function patched(stored: string | null, patch: string): string | undefined {
  if (depth(patch) > DEEPEST) return undefined;
  const text = merge(stored ?? "{}", escapeAsGo(compact(patch)));
  return fits(text) ? text : undefined;
}

/** The same through the Admin API, where doubled names fare otherwise in a first patch (`admin-merge-026`). */
export function patchedByAdmin(stored: string | null, patch: string): string | undefined {
  if (depth(patch) > DEEPEST || stored !== null) return patched(stored, patch);
  const text = pruned(escapeAsGo(compact(patch)));
  return fits(text) ? text : undefined;
}

function fits(text: string): boolean {
  // No text of at most 3000 code units has more code points.
  return text.length <= LONGEST || Array.from(text).length <= LONGEST;
}

/** The kinds that are not empty, as one JSON object, or undefined. */
export function shownMetadata(row: MetadataRow | undefined, kinds: readonly Kind[]): string | undefined {
  const filled = kinds.flatMap((kind) => {
    const text = row?.[kind] ?? "{}";
    return text === "{}" ? [] : [`"${kind}":${text}`];
  });
  return filled.length > 0 ? `{${filled.join(",")}}` : undefined;
}
