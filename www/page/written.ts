import type { JsonObject, UserMetadata } from "hanko-edge";

import type { Asking, Fault } from "./api";
import { element } from "./elements";
import { rows } from "./verdict";

/** What the package made of what got lost. */
const LOST: Record<string, string> = {
  answer: "No answer came. The very same request, sent again, cannot write twice; what it left open was read.",
  request: "No answer came. The very same request, sent again, cannot write twice: now it was written.",
};

/** Says what became of a patch, or of a clearing, and what it took. */
export function showWritten(
  place: HTMLElement,
  patch: JsonObject | null,
  lose: string,
  { outcome, asked }: Asking<UserMetadata>,
): void {
  const [status, word, reason] =
    "error" in outcome
      ? failed(outcome.error)
      : ["signed-in", patch ? "Stored" : "Cleared", LOST[lose] ?? "Hanko says so."];
  const made = element(
    "div",
    "outcome",
    element("p", "word", word),
    element("p", "reason", ...("error" in outcome ? [element("code", "", outcome.error.code), " "] : []), reason),
    element("p", "label", asked.length ? `${asked.length} requests to Hanko` : "No request to Hanko"),
    rows(asked.map(({ method, path, status }) => [`${method} ${path}`, status === null ? "no answer" : `${status}`])),
  );
  made.dataset.status = status;
  place.replaceChildren(made);
}

function failed({ code, kind, message }: Fault): [status: string, word: string, reason: string] {
  if (code === "outcome_unknown") {
    return [
      "unavailable",
      "Not known whether it was stored",
      "The package does not guess, and does not try blindly again.",
    ];
  }
  if (kind === "unavailable") return ["unavailable", "Not stored: Hanko cannot be asked", message];
  return ["signed-out", kind === "misuse" ? "Refused" : "Not stored", message];
}
