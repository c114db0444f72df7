/** Short ways to ask a test server. */
import { createTestHanko } from "hanko-edge/testing";

/** A server, a user of it, and a session of his. */
export async function signedIn(options) {
  const hanko = await createTestHanko(options);
  const user = await hanko.createUser();
  const session = await hanko.createSession(user.user_id);
  return { hanko, user, ...session };
}

export function validate(hanko, token, init = {}) {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ session_token: token });
  return hanko.fetch(`${hanko.apiUrl}/sessions/validate`, { method: "POST", headers, body, ...init });
}

export async function isValid(hanko, token) {
  const response = await validate(hanko, token);
  return response.status === 200 ? (await response.json()).is_valid : response.status;
}

export function get(hanko, path, init) {
  return hanko.fetch(hanko.apiUrl + path, init);
}

export async function keysOf(hanko) {
  return (await (await get(hanko, "/.well-known/jwks.json")).json()).keys;
}

export function partsOf(token) {
  const [header, payload] = token.split(".").slice(0, 2);
  return [header, payload].map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
}

export const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
