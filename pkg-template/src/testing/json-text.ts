/** JSON as text: what is kept as written must never become a value. */

export interface Member {
  /** As written, quotes included. */
  name: string;
  value: string;
}

/** The members of an object's text, blanks around names and values left out. The text must be JSON. */
export function members(text: string): Member[] {
  const found: Member[] = [];
  let at = blanksEnd(text, 1);
  while (text[at] === '"') {
    const nameEnd = stringEnd(text, at);
    const start = blanksEnd(text, blanksEnd(text, nameEnd) + 1);
    const end = valueEnd(text, start);
    found.push({ name: text.slice(at, nameEnd), value: text.slice(start, end) });
    at = blanksEnd(text, end);
    if (text[at] === ",") at = blanksEnd(text, at + 1);
  }
  return found;
}

/** The elements of an array's text, blanks around them left out. The text must be JSON. */
export function elements(text: string): string[] {
  const found: string[] = [];
  let at = blanksEnd(text, 1);
  while (at < text.length - 1) {
    const end = valueEnd(text, at);
    found.push(text.slice(at, end));
    at = blanksEnd(text, blanksEnd(text, end) + 1);
  }
  return found;
}

/** The text of the first JSON value; Go's decoder ignores what follows it. Undefined if the text ends before the value does. */
export function firstValue(text: string): string | undefined {
  const start = blanksEnd(text, 0);
  if (start === text.length) return undefined;
  const end = valueEnd(text, start);
  return end === -1 ? undefined : text.slice(start, end);
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Without blanks between its parts, as Go's `json.Compact` writes it. The text must be JSON. */
export function compact(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text[at] === '"' ? stringEnd(text, at) : at + 1;
    if (!isBlank(text[at])) parts.push(text.slice(at, end));
    at = end;
  }
  return parts.join("");
}

/** How deep objects and arrays are nested. The text must be JSON. */
export function depth(text: string): number {
  let deepest = 0;
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    if (c === '"') at = stringEnd(text, at) - 1;
    else if (c === "{" || c === "[") deepest = Math.max(deepest, (open += 1));
    else if (c === "}" || c === "]") open -= 1;
  }
  return deepest;
}

/** -1 if the text ends before. */
function valueEnd(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return stringEnd(text, start);
  if (first !== "{" && first !== "[") return scalarEnd(text, start);
  let open = 0;
  for (let at = start; at < text.length; at += 1) {
    const c = text[at];
    if (c === '"') {
      at = stringEnd(text, at) - 1;
      if (at < 0) return -1;
    } else if (c === "{" || c === "[") open += 1;
    else if (c === "}" || c === "]") open -= 1;
    if (open === 0) return at + 1;
  }
  return -1;
}

/** A literal ends where it is complete, whatever follows: `nullx` begins with `null` (`admin-rejected-022`). */
function scalarEnd(text: string, start: number): number {
  const [literal] = /^(?:true|false|null)/.exec(text.slice(start, start + 5)) ?? [];
  if (literal) return start + literal.length;
  let at = start;
  while (at < text.length && !isBlank(text[at]) && !",]}".includes(text.charAt(at))) at += 1;
  return at;
}

/** -1 if the text ends before. */
function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return -1;
}

function blanksEnd(text: string, start: number): number {
  let at = start;
  while (isBlank(text[at])) at += 1;
  return at;
}

function isBlank(c: string | undefined): boolean {
  return c === " " || c === "\t" || c === "\n" || c === "\r";
}
