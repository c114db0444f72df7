/** What the package takes from its host. */
import { internalError } from "./error.js";

/** For requests; `fetch` may be the caller's own. */
export const REQUESTS = ["Request", "Headers", "AbortController"];

/**
 * Checks that the host has these globals: Jest's jsdom, for one, lacks most of them.
 *
 * @throws HankoError `internal_error` naming those that it lacks
 */
export function demand(names: readonly string[]): void {
  const missing = names.filter((name) => !(globalThis as unknown as Record<string, unknown>)[name]);
  if (missing.length > 0) {
    throw internalError(`this host has no ${missing.join(", ")} (under Jest take the environment node, not jsdom)`);
  }
}
