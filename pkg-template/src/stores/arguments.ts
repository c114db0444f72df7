/** What the makers of stores and lists are given, checked at once. */
import { argumentInvalid, misuse, unknownOption } from "../error.js";

/** KV takes keys of 512 bytes; `?` ends a key of unstorage's, and unusual characters are rewritten by some of its drivers. */
const PREFIX = /^[\w.:/-]{0,256}$/;

/**
 * Checks that a place for texts has these methods.
 *
 * @throws HankoError `argument_invalid`
 */
export function checkPlace(place: unknown, argument: string, methods: readonly string[]): void {
  const members = Object(place) as Record<string, unknown>;
  if (methods.some((method) => typeof members[method] !== "function")) {
    throw argumentInvalid(argument, `an object with the methods ${methods.join(" and ")}`);
  }
}

/**
 * The one option that a maker takes.
 *
 * @throws HankoError `config_invalid` for anything else
 */
export function optionOf(options: unknown, option: string): unknown {
  if (options === undefined) return undefined;
  if (typeof options !== "object" || options === null) throw misuse("config_invalid", "the options must be an object");
  const unknown = Object.keys(options).find((name) => name !== option);
  if (unknown !== undefined) throw unknownOption(unknown);
  return (options as Record<string, unknown>)[option];
}

/**
 * The option `prefix`, by default `hanko-edge:`.
 *
 * @throws HankoError `config_invalid`
 */
export function prefixIn(options: unknown): string {
  const prefix = optionOf(options, "prefix") ?? "hanko-edge:";
  if (typeof prefix === "string" && PREFIX.test(prefix)) return prefix;
  throw misuse("config_invalid", "prefix must be at most 256 letters, digits and . _ : / -");
}
