import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../tarball.mjs";

const readme = readFileSync(join(root, "README.md"), "utf8");

/** The text of a section of the README, with those below it. */
export function section(title) {
  const parts = readme.split(/^(?=#+ )/m);
  const first = parts.findIndex((part) => part.replace(/^#+ /, "").startsWith(`${title}\n`));
  if (first < 0) throw new Error(`the README has no section ${title}`);
  const level = (part) => /^#+/.exec(part)[0].length;
  const rest = parts.slice(first + 1);
  const end = rest.findIndex((part) => level(part) <= level(parts[first]));
  return [parts[first], ...rest.slice(0, end < 0 ? undefined : end)].join("");
}

/** The rows of the tables in a text, each the texts of its cells; without their heads. */
export function rowsOf(text) {
  const lines = text.split("\n");
  const rows = lines.filter((line, at) => line.startsWith("| ") && !isHead(lines, at));
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function isHead(lines, at) {
  return [lines[at], lines[at + 1]].some((line) => line?.startsWith("| ---"));
}

/** What stands between backticks. */
export const quoted = (text) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name);

/** Whether a test of this file has these words in its title. */
export function isTestIn(source, words) {
  const titles = /\bfn (\w+)\(|(?:\btest|[rR]ow)\(\s*(`[^`]*`|"(?:[^"\\]|\\.)*")/g;
  return [...source.matchAll(titles)].some(([, name, title]) => (name ?? title).includes(words));
}
