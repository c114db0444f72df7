/** The Hanko under test: how it is asked, and who was made there. */
import { createHanko } from "hanko-edge";

import { payloadOf } from "./tokens.mjs";

/** Settings that no answer tells are taken to be Hanko's defaults. */
const COOKIE_NAME = "hanko";

export class Subject {
  #made = new Set();

  /**
   * @param {object} about
   * @param {string} about.apiUrl
   * @param {string} about.adminUrl
   * @param {string} [about.apiKey] Hanko Cloud's
   * @param {"2.7" | "3.0"} about.version
   * @param {number} [about.idleTimeout] in seconds
   * @param {(seconds: number) => Promise<void>} about.wait
   * @param {object} [about.test] the test server, where it is one
   */
  constructor(about) {
    Object.assign(this, about);
  }

  /** One request to the public API. `token` goes as Bearer, `cookie` as the session cookie, `json` as the body. */
  ask(method, path, given = {}) {
    return send(this.apiUrl, method, path, given);
  }

  /** One request to the Admin API. */
  admin(method, path, { headers = {}, ...given } = {}) {
    const key = this.apiKey && { authorization: `Bearer ${this.apiKey}` };
    return send(this.adminUrl, method, path, { headers: { ...key, ...headers }, ...given });
  }

  validate(token) {
    return this.ask("POST", "/sessions/validate", { json: { session_token: token } });
  }

  async isValid(token) {
    const { status, json } = await this.validate(token);
    if (status !== 200) throw new Error(`validate answered ${status}`);
    return json.is_valid;
  }

  /** A client of the package, in development's manner: this server may be on loopback. */
  client(options = {}) {
    return createHanko({ apiUrl: this.apiUrl, allowInsecure: true, ...options });
  }

  /** The Admin API's user; by default with one primary verified address. */
  async newUser(user = { emails: [primary()] }) {
    const { status, json } = await this.admin("POST", "/users", { json: user });
    if (status !== 200) throw new Error(`POST /users answered ${status}`);
    this.remember(json.id);
    return json;
  }

  /** A session of this user: its token and what that says. */
  async newSession(userId) {
    const { status, json } = await this.admin("POST", "/sessions", { json: { user_id: userId } });
    if (status !== 200) throw new Error(`POST /sessions answered ${status}`);
    const token = json.session_token;
    return { userId, token, sessionId: payloadOf(token).session_id };
  }

  async signedIn(user) {
    const made = await this.newUser(user);
    return { user: made, ...(await this.newSession(made.id)) };
  }

  /** This user is to be removed too. */
  remember(userId) {
    this.#made.add(userId);
  }

  /** Removes the users that were made. */
  async leave() {
    for (const id of this.#made) await this.admin("DELETE", `/users/${id}`);
    this.#made.clear();
  }
}

/** An address that nobody has. */
export function primary(address = `${crypto.randomUUID()}@contract.example`) {
  return { address, is_primary: true, is_verified: true };
}

/** A name that nobody has, as Hanko takes them. */
export function freshName() {
  return `c${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`;
}

async function send(base, method, path, { token, cookie, json, body, headers = {} }) {
  const given = {
    ...(json !== undefined && { "content-type": "application/json" }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(cookie !== undefined && { cookie: `${COOKIE_NAME}=${cookie}` }),
    ...headers,
  };
  const sent = json === undefined ? body : JSON.stringify(json);
  // Fetch names a text body's type itself; here nothing goes but what the test says.
  const bytes = sent === undefined ? undefined : new TextEncoder().encode(sent);
  const response = await fetch(base + path, { method, headers: given, body: bytes, redirect: "manual" });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
