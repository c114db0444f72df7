/** The body of a step, as Echo's binder and Go's JSON decoder read it (`flow-input#body-faults`, `#input-data-faults`). */
import { mediaType } from "../bind.js";
import { NumberBeyondFloat, parseString, reread } from "../json.js";
import { depth, firstValue, isJson, members } from "../json-text.js";
import type { Ask } from "../world.js";

export interface Input {
  csrf: string;
  /** JSON texts by name, as Go writes them anew. */
  data: Map<string, string>;
}

/** Go's decoder gives up beyond. */
const DEEPEST = 10000;

/** Undefined where the binder fails. Without a body, or with a form, nothing is bound. */
export function readInput({ headers, body }: Ask): Input | undefined {
  const input: Input = { csrf: "", data: new Map() };
  const type = mediaType(headers);
  if (body === "" || type === "application/x-www-form-urlencoded") return input;
  const text = type === "application/json" ? firstValue(body) : undefined;
  if (text === undefined || !isJson(text) || depth(text) > DEEPEST) return undefined;
  if (text === "null") return input;
  if (!text.startsWith("{")) return undefined;
  try {
    return bind(input, text) ? input : undefined;
  } catch (error) {
    if (error instanceof NumberBeyondFloat) return undefined;
    throw error;
  }
}

/** Names are matched without case; null empties. */
function bind(input: Input, text: string): boolean {
  for (const { name, value } of members(text)) {
    const field = parseString(name).toLowerCase();
    if (field === "csrf_token" && value.startsWith('"')) input.csrf = parseString(value);
    else if (field === "input_data" && value === "null") input.data.clear();
    else if (field === "input_data" && value.startsWith("{")) {
      for (const one of members(value)) input.data.set(parseString(one.name), checked(one.value));
    } else if ((field === "csrf_token" && value !== "null") || field === "input_data") return false;
  }
  return true;
}

/** What is nested too deep to fit anyway is left as it is. */
function checked(value: string): string {
  return depth(value) > 2000 ? value : reread(value);
}
