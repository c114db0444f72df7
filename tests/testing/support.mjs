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

/** The profile flow of this session, capabilities registered. */
export async function beginFlow(hanko, token) {
  const flow = new TestFlow(hanko, token);
  await flow.begin();
  await flow.step("register_client_capabilities", "{}");
  return flow;
}

/** The profile flow, step by step; each answer's csrf token is kept for the next. */
export class TestFlow {
  csrf = "";
  id = "";

  constructor(hanko, token) {
    Object.assign(this, { hanko, token });
  }

  async begin() {
    const answer = await this.send("/profile");
    this.id = /%40([\w-]+)/.exec(answer.text)?.[1] ?? "";
    return answer;
  }

  /** `inputData` is JSON text. */
  step(action, inputData, init) {
    const body = `{"input_data":${inputData},"csrf_token":${JSON.stringify(this.csrf)}}`;
    return this.send(`/profile?action=${action}%40${this.id}`, { body, ...init });
  }

  /** `patch` is JSON text; null leaves the member out. */
  patch(patch, init) {
    return this.step("patch_metadata", patch === null ? "{}" : `{"patch_metadata":${patch}}`, init);
  }

  async send(path, init) {
    const headers = { authorization: `Bearer ${this.token}`, "content-type": "application/json" };
    const response = await get(this.hanko, path, { method: "POST", headers, ...init });
    const text = await response.text();
    const body = JSON.parse(text);
    if (body.csrf_token) this.csrf = body.csrf_token;
    return { ...body, status: response.status, text };
  }
}

/** The stored text, as `/me` shows it; null where it is empty. */
export async function storedUnsafe(hanko, token) {
  const response = await get(hanko, "/me", { headers: { authorization: `Bearer ${token}` } });
  return /"unsafe_metadata":(.*)\}\}\n$/s.exec(await response.text())?.[1] ?? null;
}
