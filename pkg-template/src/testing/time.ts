/** Microseconds since 1970: the resolution of Hanko's database. */
export type Micros = number;

export const SECOND: Micros = 1_000_000;

/** RFC 3339 as Go prints it: in UTC, trailing zeros of the fraction dropped. */
export function rfc3339(time: Micros): string {
  const seconds = Math.floor(time / SECOND);
  const whole = new Date(seconds * 1000).toISOString().replace(/\.000Z$/, "");
  return inUtc(whole, String(time - seconds * SECOND).padStart(6, "0"));
}

function inUtc(whole: string, fraction: string): string {
  const digits = fraction.replace(/0+$/, "");
  return digits === "" ? `${whole}Z` : `${whole}.${digits}Z`;
}

/** What Go finds wrong with a text that should be RFC 3339. */
export function timeFault(text: unknown): string | undefined {
  const isTime = typeof text === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
  if (text === undefined || (isTime && !Number.isNaN(Date.parse(text)))) return undefined;
  return `parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse`;
}

/** What the database keeps of a time: six digits of the fraction, and no zone. */
export function microseconds(time: string): string {
  const [, whole = "", fraction = ""] = /^(.{19})(?:\.(\d{1,6}))?/.exec(time) ?? [];
  return inUtc(whole, fraction);
}

const later = globalThis.setTimeout;

/** The time that the database takes: two milliseconds, in which others have their turn. By the host's own timer, whatever a test puts in its place. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    later(resolve, 2);
  });
}

/** The clock of a server: the caller's, or the host's with a random tail, so that six digits are really seen. */
export function clock(now?: () => Date): () => Micros {
  if (now) return () => now().getTime() * 1000;
  return () => Date.now() * 1000 + Math.floor(Math.random() * 1000);
}
