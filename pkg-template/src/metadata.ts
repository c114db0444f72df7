/** `previewMetadataPatch`. */
import { callNow, type Load } from "./core.js";
import { objectText } from "./json.js";
import type { JsonObject } from "./types.js";

export interface MetadataPreview {
  metadata: JsonObject;
  /** In Hanko's count: code points of the stored JSON, in which `<` `>` `&` U+2028 U+2029 take six each. 0 where nothing is stored. */
  length: number;
  limit: 3000;
  fits: boolean;
}

export function preview(load: Load, current: unknown, patch: unknown): MetadataPreview {
  const isText = current === undefined || typeof current === "string";
  const stored = isText ? current : objectText(current, "current", "replace");
  const changes = patch === null ? undefined : objectText(patch, "patch");
  return callNow(load, (glue) => glue.preview_metadata_patch(stored, changes));
}
