/** A value of the caller's as JSON text (RFC 8259), or `metadata_invalid` that names the place where it is none. */
import { HankoError, misuse } from "./error.js";

/** Longest text that is written, in characters. Nothing that fits into 3000 code points comes near it. */
const MAX_LENGTH = 1 << 20;
/** Of a name and of a path, in a message. */
const [MAX_NAME, MAX_PATH] = [40, 120];
/** Levels, doubled again and again, at which a cycle is looked for. */
const MANY = 32;
const LONE_SURROGATE = /\p{Surrogate}/u;
/** What stands in JSON as it is; most strings are nothing else. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** An object or array that is being written. */
interface Level {
  readonly value: object;
  /** Own enumerable names; undefined for an array. */
  readonly names: string[] | undefined;
  readonly length: number;
  /** What is written next. */
  at: number;
}

/**
 * The JSON text of an object, as `JSON.stringify` writes it, but nothing is left out or made into something else:
 * `undefined`, functions, symbols, bigints, NaN, Infinity, holes in arrays, objects that are not plain (a `Date`, a `Map`),
 * lone surrogates and cycles are refused. Checked and written in one walk, so that no getter can answer twice, and to any depth.
 *
 * @param argument what the caller knows the value as; the path in a message begins with it
 * @param loneSurrogates what becomes of them: `replace` makes them U+FFFD, as Hanko does
 * @throws HankoError `metadata_invalid` naming the path, e.g. `patch.a[3].b`; `metadata_too_large` beyond 1 MiB of characters
 */
export function objectText(value: unknown, argument: string, loneSurrogates: "refuse" | "replace" = "refuse"): string {
  const writer = new Writer(argument, loneSurrogates === "replace");
  if (typeof value !== "object" || value === null) throw writer.invalid("it must be an object");
  try {
    if (Array.isArray(value)) throw writer.invalid("it must be an object");
    return writer.write(value);
  } catch (error) {
    // A getter or a proxy of the caller's threw: whatever that was, it is not told on.
    throw error instanceof HankoError ? error : writer.invalid("it cannot be read");
  }
}

class Writer {
  private text = "";
  private readonly levels: Level[] = [];

  constructor(
    private readonly argument: string,
    private readonly replace: boolean,
  ) {}

  write(value: object): string {
    this.put(value);
    for (let level = this.levels.at(-1); level; level = this.levels.at(-1)) {
      if (level.at < level.length) this.next(level);
      else this.close(level);
      if (this.text.length > MAX_LENGTH) throw this.cycle() ?? tooLarge(this.argument);
    }
    return this.text;
  }

  invalid(why: string): HankoError {
    return misuse("metadata_invalid", `${this.path()} is not JSON: ${why}`);
  }

  private next(level: Level): void {
    if (level.at > 0) this.text += ",";
    const at = level.at++;
    const name = level.names?.[at];
    if (name !== undefined) this.text += `${this.string(name)}:`;
    this.put((level.value as Record<string | number, unknown>)[name ?? at]);
  }

  private put(value: unknown): void {
    if (value === null || typeof value === "boolean") this.text += String(value);
    else if (typeof value === "string") this.text += this.string(value);
    else if (typeof value === "number" && Number.isFinite(value)) this.text += String(value);
    else if (typeof value === "object") this.open(value);
    else throw this.invalid(typeof value === "number" ? "a number must be finite" : `it is ${typeof value}`);
  }

  private open(value: object): void {
    const names = Object.keys(value);
    const isArray = Array.isArray(value);
    if (!isArray && !isPlain(value)) throw this.invalid("objects must be plain");
    if (isArray && names.length !== value.length) throw this.invalid("the array has holes, or names of its own");
    const depth = this.levels.push({ value, names: isArray ? undefined : names, length: names.length, at: 0 });
    const error = depth >= MANY && (depth & (depth - 1)) === 0 ? this.cycle() : undefined;
    if (error) throw error;
    this.text += isArray ? "[" : "{";
  }

  private close(level: Level): void {
    this.levels.pop();
    this.text += level.names ? "}" : "]";
  }

  /** What contains itself never ends: it is looked for where something has become deep or long. */
  private cycle(): HankoError | undefined {
    const around = new Set<object>();
    const again = this.levels.findIndex(({ value }) => around.size === around.add(value).size);
    if (again === -1) return undefined;
    this.levels.length = again;
    return this.invalid("it contains itself");
  }

  private string(text: string): string {
    if (PLAIN.test(text)) return `"${text}"`;
    if (!LONE_SURROGATE.test(text)) return JSON.stringify(text);
    if (!this.replace) throw this.invalid("a lone surrogate is no character");
    return JSON.stringify(text.replace(/\p{Surrogate}/gu, "\ufffd"));
  }

  private path(): string {
    let path = this.argument;
    for (const { names, at } of this.levels) {
      const name = names?.[at - 1];
      if (name === undefined) path += `[${at - 1}]`;
      else path += name.length <= MAX_NAME && /^[a-z_$][\w$]*$/i.test(name) ? `.${name}` : "[…]";
      if (path.length > MAX_PATH) return `${path.slice(0, MAX_PATH)}…`;
    }
    return path;
  }
}

/** Made by `{}`, `JSON.parse` or `Object.create(null)`, in whatever realm; and no member of it is hidden from JSON. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false;
  const symbols = Object.getOwnPropertySymbols(value);
  return !symbols.some((symbol) => Object.prototype.propertyIsEnumerable.call(value, symbol));
}

function tooLarge(argument: string): HankoError {
  return misuse("metadata_too_large", `${argument} is longer than 1 MiB of JSON`);
}
