/** The headers of a `Request`, or a `Headers` itself; by its functions, for it may come from another realm. */
export function headersOf(input: unknown): { headers?: Headers; source: Request | Headers } {
  const source = input as Request | Headers;
  const isObject = typeof input === "object" && input !== null;
  const headers = isObject && (hasGet(source) ? source : (source as Request).headers);
  return hasGet(headers) ? { headers, source } : { source };
}

function hasGet(value: unknown): value is Headers {
  return typeof value === "object" && value !== null && typeof (value as Partial<Headers>).get === "function";
}
