import { argumentInvalid } from "./error.js";

/** The headers of a `Request`, or a `Headers` itself; by its functions, for it may come from another realm. */
export function headersOf(input: unknown): { headers: Headers | undefined; source: Request | Headers } {
  const source = input as Request | Headers;
  const isObject = typeof input === "object" && input !== null;
  const headers = isObject && (hasGet(source) ? source : (source as Request).headers);
  return { headers: hasGet(headers) ? headers : undefined, source };
}

function hasGet(value: unknown): value is Headers {
  return typeof value === "object" && value !== null && typeof (value as Partial<Headers>).get === "function";
}

/**
 * A header's value. Whatever has a `get` and is no `Headers` (a `Map`, a framework's cookies) gives something else than a text
 * or null, and would be a request without a token.
 *
 * @throws HankoError `argument_invalid`, saying what the first argument must be
 */
export function headerIn(headers: Headers, name: string, must: string): string | undefined {
  const value: unknown = headers.get(name);
  if (typeof value === "string") return value;
  if (value === null) return undefined;
  throw argumentInvalid("the first argument", must);
}

/** Longest header that is looked at, in characters: 20 cookies of the longest token. */
const MAX_HEADER = 20 * 65536;

/** Whether the headers that may carry a token are longer than any that do. */
export function areTooLong(authorization: string | undefined, cookie: string | undefined): boolean {
  return (authorization?.length ?? 0) > MAX_HEADER || (cookie?.length ?? 0) > MAX_HEADER;
}
