/** The merge patch of github.com/evanphx/json-patch v5.9, which Hanko uses: over texts, so that what it does not touch keeps its spelling. */
import { goString, parseString } from "./json.js";
import { elements, members } from "./json-text.js";

/** A value: its text, until its parts are looked at. `null` is null, as a nil pointer is there. */
type Node = Leaf | null;

interface Leaf {
  readonly text: string;
  object?: Parts;
  array?: Node[];
}

/** A name that came twice is listed twice, both with the last value. */
interface Parts {
  names: string[];
  values: Map<string, Node>;
}

/** What becomes of `stored`. Both texts must be JSON objects without blanks. */
export function merge(stored: string, patch: string): string {
  const target = partsOf(stored);
  mergeInto(target, partsOf(patch));
  return print({ text: stored, object: target });
}

/** What is stored where there was nothing: the patch without its nulls. */
export function pruned(patch: string): string {
  const parts = partsOf(patch);
  pruneMembers(parts);
  return print({ text: patch, object: parts });
}

function partsOf(text: string): Parts {
  const parts: Parts = { names: [], values: new Map() };
  for (const { name, value } of members(text)) {
    const decoded = parseString(name);
    parts.names.push(decoded);
    parts.values.set(decoded, nodeOf(value));
  }
  return parts;
}

function nodeOf(text: string): Node {
  return text === "null" ? null : { text };
}

function mergeInto(target: Parts, patch: Parts): void {
  for (const [name, value] of patch.values) {
    const current = target.values.get(name);
    if (value === null) remove(target, name);
    else if (!current) set(target, name, prune(value));
    else set(target, name, merged(current, value));
  }
}

function merged(current: Leaf, patch: Leaf): Leaf {
  if (!openObject(current)) return prune(patch);
  if (!openObject(patch) || !current.object || !patch.object) return patch;
  mergeInto(current.object, patch.object);
  return current;
}

function prune(node: Leaf): Leaf {
  if (openObject(node) && node.object) pruneMembers(node.object);
  else if (node.text.startsWith("[")) {
    node.array ??= elements(node.text).map(nodeOf);
    for (const one of node.array) if (one) prune(one);
  }
  return node;
}

function pruneMembers(parts: Parts): void {
  for (const [name, value] of [...parts.values]) {
    if (value === null) remove(parts, name);
    else prune(value);
  }
}

/** Looked at as an object, its names are written anew, whatever becomes of it. */
function openObject(node: Leaf): boolean {
  if (!node.text.startsWith("{")) return false;
  node.object ??= partsOf(node.text);
  return true;
}

function set({ names, values }: Parts, name: string, value: Leaf): void {
  if (!names.includes(name)) names.push(name);
  values.set(name, value);
}

/** A name that came twice stays once, with null (`admin-merge-022`). */
function remove({ names, values }: Parts, name: string): void {
  if (!values.delete(name)) return;
  names.splice(names.indexOf(name), 1);
}

function print(node: Node): string {
  if (node?.object) {
    const { names, values } = node.object;
    return `{${names.map((name) => `${nameText(name)}:${print(values.get(name) ?? null)}`).join(",")}}`;
  }
  if (node?.array) return `[${node.array.map(print).join(",")}]`;
  return node?.text ?? "null";
}

/** The library has an `encoding/json` of its own, from before Go knew `\b` and `\f`: in a name they take six characters. */
function nameText(name: string): string {
  return goString(name).replace(/\\./g, (escape) => ESCAPES[escape] ?? escape);
}

const ESCAPES: Record<string, string> = { "\\b": "\\u0008", "\\f": "\\u000c" };
