/** Metadata as full as Hanko lets it be, and what is previewed of it. */
import { previewMetadataPatch } from "hanko-edge";

const LIMIT = 3000;
/** Settings as a page may keep them, and a note that fills what is left. */
const settings = {
  theme: "dark",
  language: "de-CH",
  newsletter: false,
  seen: ["welcome", "tour", "pricing"],
  columns: Object.fromEntries(
    ["name", "email", "created", "role"].map((name, at) => [name, { width: 120 + at, shown: true }]),
  ),
  drafts: Array.from({ length: 12 }, (_, id) => ({
    id,
    title: `Draft ${id}`,
    tags: ["a", "b"],
    edited: "2026-01-31T12:00:00Z",
  })),
  note: "",
};
const stored = { ...settings, note: "x".repeat(LIMIT - JSON.stringify(settings).length) };
const text = JSON.stringify(stored);
const change = { theme: "light", columns: { role: { shown: null } } };

/** What a form does at every keystroke, and what comes before a patch is sent. Beside it what JavaScript does by itself. */
export const PREVIEWS = {
  "preview of text": [text, change],
  "preview of an object": [stored, change],
  "preview of a patch": [undefined, stored],
};

/** @param {string} name one of {@link PREVIEWS} */
export function previewing(name) {
  const inputs = (count) => Array(count).fill(PREVIEWS[name]);
  const previewed = previewMetadataPatch(...PREVIEWS[name]).length;
  if (previewed > LIMIT || previewed < LIMIT - 30) throw new Error(`${name}: ${previewed} code points`);
  return [
    { name: "hanko-edge", inputs, run: ([current, patch]) => previewMetadataPatch(current, patch), sync: true },
    { name: "JSON", inputs, run: () => JSON.parse(JSON.stringify(stored)), sync: true },
  ];
}
