/** UUIDs as Go's `gofrs/uuid` reads them: any case, in braces, as a URN, or without hyphens (`flow-patch#flow-id-forms`). */
export function parseUuid(text: string): string | undefined {
  const inner = /^(?:\{(.*)\}|urn:uuid:(.*))$/.exec(text);
  const bare = inner?.[1] ?? inner?.[2] ?? text;
  const groups = /^([\da-f]{8})(-?)([\da-f]{4})\2([\da-f]{4})\2([\da-f]{4})\2([\da-f]{12})$/i.exec(bare);
  if (!groups) return undefined;
  const [, first = "", , ...rest] = groups;
  return [first, ...rest].join("-").toLowerCase();
}

/** As Hanko's validator takes ids that it calls `uuid4`: in lower case, with hyphens. */
export const UUID_4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
