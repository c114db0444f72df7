/** The test server on which a recording is replayed: its users, its sessions, and its clock, which is the recording's. */
import { Names, canonical } from "./names.mjs";
import { exchangesOf, goodTokens, recordedUser } from "./recording.mjs";
import { serverFor } from "./settings.mjs";
import { isIn, swapTokens } from "./swap.mjs";

export class Stage {
  names = new Names();
  /** What this recording has made at each server, which others use too. */
  #made = new Map();

  static async open(version, recording) {
    const stage = new Stage();
    Object.assign(stage, { version, recording, tokens: await goodTokens(recording) });
    return stage;
  }

  /** Turns to the server of this scenario, at the time of this exchange. */
  async turnTo(scenario, exchange, later = 0) {
    const { topic } = this.recording;
    this.server = await serverFor(this.version, this.recording, scenario, /^(jwks|admin)$/.test(topic) ? topic : "");
    this.server.clock.now = Date.parse(exchange.at) + later * 1000;
    if (!this.#made.has(this.server)) this.#made.set(this.server, { sessions: new Map(), users: new Set() });
  }

  /** Our own request in place of the recorded one. */
  async send({ method, path, headers, body }, address = "public") {
    const given = { method, headers: await this.swapIn(headersOf(headers)) };
    if (body !== null) given.body = Buffer.isBuffer(body) ? body : await this.swapIn(body);
    const { hanko } = this.server;
    const prefix = address === "admin" ? "/admin" : "";
    try {
      const response = await hanko.fetch(`${hanko.apiUrl}${prefix}${await this.swapIn(path)}`, given);
      const { status } = response;
      return { status, headers: Object.fromEntries(response.headers), body: await response.text() };
    } catch (error) {
      return { thrown: String(error) };
    }
  }

  /** Ends the sessions of these good tokens, which were begun before now. */
  async end(isMeant) {
    for (const token of await this.makeAll(isMeant)) this.server.hanko.revokeSession(token.sessionId);
  }

  /** Our tokens of these good ones, which were begun before now. */
  async makeAll(isMeant) {
    const made = [];
    for (const token of this.tokens.filter(isMeant))
      if (token.payload.iat * 1000 <= this.server.clock.now) made.push(await this.make(token));
    return made;
  }

  /** Our token of the same user, session and claims. */
  async make(token) {
    const { clock } = this.server;
    const { sessions } = this.#made.get(this.server);
    if (sessions.has(token.text)) return sessions.get(token.text);
    const now = clock.now;
    clock.now = this.#beginning(token, now);
    const session = await this.#begin(token);
    clock.now = now;
    this.learn(token, session);
    return session;
  }

  learn(token, session) {
    this.#made.get(this.server).sessions.set(token.text, session);
    const { session_id: id } = token.payload;
    if (typeof id === "string") this.names.learn(id, session.sessionId);
  }

  async #begin({ payload }) {
    const { hanko } = this.server;
    const { sub, session_id, ...claims } = payload;
    const userId = this.names.inOurs(sub);
    await this.ensureUser(sub);
    const none = { email: undefined, username: undefined, ...(session_id === undefined && { session_id }) };
    return hanko.createSession(userId, { claims: { ...none, ...claims, sub: userId } });
  }

  /** As the recording shows him; where it does not, as the claims of his token do, or any. */
  async ensureUser(userId) {
    const { users } = this.#made.get(this.server);
    const { payload = {} } = this.tokens.find((token) => token.payload.sub === userId) ?? {};
    if (users.has(userId) || this.names.knows(userId)) return;
    users.add(userId);
    await this.server.hanko.createUser({
      ...(recordedUser(this.recording, userId) ?? userOf(payload)),
      user_id: userId,
    });
  }

  /** When the session began, in milliseconds: what its first `idle_expires_at` says; where nothing does, as its `iat` allows. */
  #beginning({ text, payload }, now) {
    const { idleTimeout } = this.server;
    if (idleTimeout === undefined) return now;
    for (const { exchange } of exchangesOf(this.recording)) {
      const { request, response } = exchange;
      if (!JSON.stringify(request ?? {}).includes(text)) continue;
      const told = response.body?.includes(payload.session_id) && /"idle_expires_at":"([^"]+)"/.exec(response.body);
      if (request.method === "GET" && told) return Date.parse(told[1]) - idleTimeout * 1000;
      break;
    }
    const soonest = payload.iat * 1000 + 300;
    return now - soonest > idleTimeout * 1000 ? soonest : now;
  }

  /** What the Admin API found must be there: the user of the path or the body, the sessions that it lists or ends. */
  async setUp({ request, response }) {
    if (request.to !== "admin" || response.status === 404) return;
    const { method, path, body } = request;
    const [, spelling, sessionId] = /^\/users\/([^/?]+)(?:\/sessions\/(.+))?/.exec(path) ?? [];
    const [, inBody] = /^\{"user_id": *"([^"]+)"/.exec(body ?? "") ?? [];
    const userId = canonical(decodeURIComponent(spelling ?? inBody ?? ""));
    if (!userId) return;
    await this.ensureUser(userId);
    const isEnded = ({ session_id: id, sub }) => (sessionId ? id === sessionId : sub === userId);
    if (method === "DELETE") await this.makeAll(({ payload }) => isEnded(payload));
    if (path.endsWith("/sessions")) await this.makeAll(({ payload }) => response.body?.includes(payload.session_id));
  }

  async swapIn(value) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const pairs = [];
    for (const token of this.tokens.filter((one) => isIn(text, one)))
      pairs.push({ recorded: token, ours: (await this.make(token)).token.split(".") });
    const swapped = this.names.inOurs(swapTokens(text, pairs));
    return typeof value === "string" ? swapped : JSON.parse(swapped);
  }
}

function userOf({ email, username }) {
  const { address, ...flags } = email?.address && typeof email.address === "string" ? email : {};
  const emails = address ? [{ id: crypto.randomUUID(), address, ...flags }] : [];
  return { emails, ...(typeof username === "string" && { username }) };
}

/** A header that came several times is a list. */
function headersOf(headers) {
  return Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
}
