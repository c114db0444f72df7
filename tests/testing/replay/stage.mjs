/** The test server on which a recording is replayed: its users, its sessions, and its clock, which is the recording's. */
import { createTestHanko } from "hanko-edge/testing";

import { goodTokens, recordedUser } from "./recording.mjs";
import { isIn, swapTokens } from "./swap.mjs";

const servers = new Map();

/** One server per configuration; `apart` for those whose keys change. */
async function serverFor(version, session, apart) {
  const { lifespan, idle_timeout: idle, cookie } = session ?? {};
  const idleTimeout = idle === undefined ? undefined : Number.parseInt(idle, 10);
  const cookieName = cookie?.name ?? "hanko";
  const key = JSON.stringify([version, idleTimeout, cookieName, apart]);
  if (!servers.has(key)) servers.set(key, startServer({ version, idleTimeout, cookieName }));
  const server = await servers.get(key);
  return { ...server, idleTimeout, lifespan };
}

async function startServer({ version, idleTimeout, cookieName }) {
  const clock = { now: 0 };
  // As long as Hanko's keys, so that an altered signature can be altered alike.
  const options = { version, cookieName, keyBits: 4096, now: () => new Date(clock.now) };
  if (idleTimeout !== undefined) options.idleTimeout = idleTimeout;
  const hanko = await createTestHanko(options);
  return { hanko, clock, made: new Map(), users: new Set() };
}

export class Stage {
  static async open(version, recording) {
    const stage = new Stage();
    Object.assign(stage, { version, recording, tokens: await goodTokens(recording) });
    return stage;
  }

  /** Turns to the server of this scenario, at the time of this exchange. */
  async turnTo(scenario, exchange) {
    const { topic, config } = this.recording;
    const { session } = scenario.settings ?? config;
    this.server = await serverFor(this.version, session, topic === "jwks" ? topic : "");
    this.server.clock.now = Date.parse(exchange.at);
  }

  /** Our own request in place of the recorded one. */
  async send({ method, path, headers, body }) {
    const given = { method, headers: await this.#swapIn(headersOf(headers)) };
    if (body !== null) given.body = await this.#swapIn(body);
    const { hanko } = this.server;
    try {
      const response = await hanko.fetch(`${hanko.apiUrl}${await this.#swapIn(path)}`, given);
      const { status } = response;
      return { status, headers: Object.fromEntries(response.headers), body: await response.text() };
    } catch (error) {
      return { thrown: String(error) };
    }
  }

  /** Ends the sessions of these good tokens, which were begun before now. */
  async end(isMeant) {
    for (const token of this.tokens.filter(isMeant)) {
      if (token.payload.iat * 1000 > this.server.clock.now) continue;
      this.server.hanko.revokeSession((await this.make(token)).sessionId);
    }
  }

  /** Our token of the same user, session and claims. */
  async make(token) {
    const { made, clock } = this.server;
    if (made.has(token.text)) return made.get(token.text);
    const now = clock.now;
    clock.now = this.#beginning(token, now);
    const session = await this.#begin(token);
    clock.now = now;
    made.set(token.text, session);
    return session;
  }

  async #begin({ payload }) {
    const { hanko, users } = this.server;
    const { sub, session_id, ...claims } = payload;
    if (!users.has(sub))
      await hanko.createUser({ ...(recordedUser(this.recording, sub) ?? userOf(payload)), user_id: sub });
    users.add(sub);
    const none = { email: undefined, username: undefined, ...(session_id === undefined && { session_id }) };
    return hanko.createSession(sub, { claims: { ...none, ...claims, sub } });
  }

  /** When the session began, in milliseconds: what its first `idle_expires_at` says; where nothing does, as its `iat` allows. */
  #beginning({ text, payload }, now) {
    const { idleTimeout } = this.server;
    if (idleTimeout === undefined) return now;
    for (const { request, response } of this.recording.scenarios.flatMap(({ exchanges }) => exchanges)) {
      if (!JSON.stringify(request ?? {}).includes(text)) continue;
      const told = response.body?.includes(payload.session_id) && /"idle_expires_at":"([^"]+)"/.exec(response.body);
      if (request.method === "GET" && told) return Date.parse(told[1]) - idleTimeout * 1000;
      break;
    }
    const soonest = payload.iat * 1000 + 300;
    return now - soonest > idleTimeout * 1000 ? soonest : now;
  }

  async #swapIn(value) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const pairs = [];
    for (const token of this.tokens.filter((one) => isIn(text, one)))
      pairs.push({ recorded: token, ours: (await this.make(token)).token.split(".") });
    const swapped = swapTokens(text, pairs);
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
