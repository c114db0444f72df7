/** The options of `createAdmin`. The API key stays on this side, out of what the core remembers. */
import { misuse, unknownOption } from "../error.js";
import { parseOptions, plain, type ClientOptions } from "../options.js";

const KNOWN = ["apiUrl", "fetch", "timeout", "allowInsecure"];

/** @throws HankoError `config_invalid`, naming the option and never its value */
export function parseAdminOptions(given: unknown): { key: string | undefined; client: ClientOptions } {
  const { apiKey, ...others } = plain(given);
  const unknown = Object.keys(others).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw unknownOption(unknown);
  return { key: parseKey(apiKey), client: parseOptions(others) };
}

/** A header's value without blanks (RFC 6750 section 2.1 has fewer characters, and nobody promises that Hanko's keys keep to them). */
function parseKey(option: unknown): string | undefined {
  if (option === undefined) return undefined;
  if (typeof option === "string" && /^[\x21-\x7e]{1,4096}$/.test(option)) return option;
  throw misuse("config_invalid", "option apiKey must be a text of visible ASCII characters");
}
