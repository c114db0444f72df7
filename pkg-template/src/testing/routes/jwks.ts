/** `GET /.well-known/jwks.json`. */
import { failure, json } from "../answer.js";
import type { Answer } from "../answer.js";
import { keyDocument } from "../keys.js";
import type { Ask } from "../world.js";

/** The one answer of Hanko's with `cache-control`. */
export function jwks({ world, database }: Ask): Answer {
  if (database !== "well") return failure(500);
  return json(keyDocument(world.keys), 200, { "cache-control": "max-age=600" });
}
