import { HankoError, previewMetadataPatch } from "hanko-edge";
import type { JsonObject } from "hanko-edge";

import { write } from "./api";
import { byId, element } from "./elements";
import { showWritten } from "./written";

const LIMIT = 3000;

/** Patches to try. The long one is made when it is asked for. */
const PATCHES: Record<string, () => JsonObject> = {
  removal: () => ({ theme: null }),
  list: () => ({ seen: [null, { tour: "done", step: null }] }),
  brackets: () => ({ note: "<b>six & six</b>" }),
  long: () => ({ note: "x".repeat(LIMIT) }),
};

/** The person's unsafe metadata, where it is known. */
let current: JsonObject | undefined;

/** The part of the page that edits unsafe metadata. `changed` is called when something may have been written. */
export function startEditor(withTestServer: boolean, changed: () => Promise<void>): void {
  const patch = byId<HTMLTextAreaElement>("patch");
  patch.addEventListener("input", () => void preview());
  byId("editor").addEventListener("submit", (event) => {
    event.preventDefault();
    const sent = preview();
    if (sent) void save(sent, changed);
    else patch.focus();
  });
  byId("clear").addEventListener("click", () => save(null, changed));
  for (const button of byId("patches").querySelectorAll<HTMLElement>("[data-patch]")) {
    button.addEventListener("click", () => {
      patch.value = JSON.stringify(PATCHES[button.dataset.patch ?? ""]?.());
      preview();
    });
  }
  byId("losses").hidden = !withTestServer;
  for (const each of losses()) each.addEventListener("click", () => choose(each));
}

/** What patches are merged into from now on. */
export function keepFrom(metadata: JsonObject | undefined): void {
  current = metadata;
  preview();
}

/** Shows what the patch in the field would do. The patch, where it can be sent. */
function preview(): JsonObject | undefined {
  const field = byId<HTMLTextAreaElement>("patch");
  try {
    const patch = parsed(field.value);
    const { metadata, length, limit, fits } = previewMetadataPatch(current, patch);
    byId("result").textContent = JSON.stringify(metadata, null, 2);
    showRoom(length, limit, fits);
    showFault(undefined);
    return patch;
  } catch (error) {
    showFault(error instanceof HankoError ? [error.code, error.message] : ["not JSON", (error as Error).message]);
    return undefined;
  }
}

function parsed(text: string): JsonObject {
  const patch = JSON.parse(text) as JsonObject | null;
  if (patch === null) throw new SyntaxError("a patch is an object; Clear all removes everything");
  return patch;
}

function showFault(fault: [code: string, message: string] | undefined): void {
  const place = byId("patch-error");
  byId("patch").setAttribute("aria-invalid", String(fault !== undefined));
  place.hidden = fault === undefined;
  byId("result").classList.toggle("outdated", fault !== undefined);
  place.replaceChildren(...(fault ? [element("code", "", fault[0]), ` ${fault[1]}`] : []));
}

function showRoom(length: number, limit: number, fits: boolean): void {
  const gauge = byId("gauge");
  gauge.dataset.status = fits ? "signed-in" : "signed-out";
  gauge.setAttribute("aria-valuenow", String(Math.min(length, limit)));
  gauge.style.setProperty("--part", String(Math.min(length / limit, 1)));
  const rest = fits ? `${limit - length} left` : `${length - limit} too many`;
  byId("left").textContent = `${length} of ${limit} characters, ${rest}`;
  byId("left").dataset.status = gauge.dataset.status;
}

async function save(patch: JsonObject | null, changed: () => Promise<void>): Promise<void> {
  const lose = losses().find((each) => each.getAttribute("aria-pressed") === "true")?.dataset.lose ?? "";
  const place = byId("saved");
  place.setAttribute("aria-busy", "true");
  try {
    showWritten(place, patch, lose, await write(patch, lose));
  } catch (error) {
    place.replaceChildren(element("p", "fault", `That did not work: ${(error as Error).message}.`));
  }
  place.setAttribute("aria-busy", "false");
  await changed();
}

function losses(): HTMLElement[] {
  return [...byId("losses").querySelectorAll<HTMLElement>("[data-lose]")];
}

function choose(chosen: HTMLElement): void {
  for (const each of losses()) each.setAttribute("aria-pressed", String(each === chosen));
}
