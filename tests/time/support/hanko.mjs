/** A test server, a client of it, and short ways to count what the client asked. */
import { createHanko } from "hanko-edge";
import { createTestHanko } from "hanko-edge/testing";

/** A server, a user of it, and a session of his. */
export async function serverWithSession(options) {
  const server = await createTestHanko(options);
  const { user_id: userId } = await server.createUser();
  return { server, userId, ...(await server.createSession(userId)) };
}

/** A client of this server, in mode local where nothing else is said. */
export function clientOf(server, options = {}) {
  return createHanko({ apiUrl: server.apiUrl, fetch: server.fetch, mode: "local", ...options });
}

/** How many requests went to the key document and to `/sessions/validate` while `work` ran; with its result. */
export async function counted(server, work) {
  const before = server.requests.length;
  const result = await work();
  const paths = server.requests.slice(before).map(({ path }) => path);
  const keys = paths.filter((path) => path.startsWith("/.well-known/jwks.json")).length;
  return { result, keys, asks: paths.filter((path) => path === "/sessions/validate").length, all: paths.length };
}

/** Only how many key documents were asked for. */
export async function keyFetches(server, work) {
  return (await counted(server, work)).keys;
}

/** What counts of a result of `authenticate`. */
export function brief({ status, code, stale, verifiedBy }) {
  return status === "signed-in" ? { status, stale, verifiedBy } : { status, code };
}

export const SIGNED_IN = { status: "signed-in", stale: false, verifiedBy: "local" };
export const STALE = { ...SIGNED_IN, stale: true };
export const BY_HANKO = { ...SIGNED_IN, verifiedBy: "remote" };
export const BY_HANKO_STALE = { ...BY_HANKO, stale: true };

export function unavailable(code) {
  return { status: "unavailable", code };
}

export function signedOut(code) {
  return { status: "signed-out", code };
}
