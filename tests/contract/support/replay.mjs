/** A recording as a server: it answers what it was asked, and nothing else. */
import { isDeepStrictEqual } from "node:util";

let servers = 0;

const KEYS = "/.well-known/jwks.json";
const VALIDATE = "/sessions/validate";

export class Replay {
  /** What the package asked that was not recorded. */
  stray = [];
  /** The exchanges that were asked for, in order. */
  used = [];

  /**
   * @param recording
   * @param exchanges Those that may be asked for, each once.
   * @param {object} [confirm] What the two requests are answered by which the package confirms a "no", where they were not recorded:
   *   `keys`, a status, by default the recording's keys; `isValid`, by default false.
   */
  constructor(recording, exchanges, confirm = {}) {
    this.apiUrl = `https://recorded-${(servers += 1)}.hanko.test`;
    this.jwks = recording.jwks ?? keysIn(recording);
    this.left = exchanges.filter(({ kind }) => kind === undefined);
    this.confirm = { keys: 200, isValid: false, ...confirm };
  }

  fetch = async (request) => {
    const { method, url, headers } = request;
    const path = decodeURIComponent(url.slice(this.apiUrl.length));
    const authorization = headers.get("authorization") ?? undefined;
    const asked = { method, path, authorization, body: bodyOf(path, await request.text()) };
    const at = this.left.findIndex((exchange) => isDeepStrictEqual(askOf(exchange.request), asked));
    if (at === -1) return this.#unrecorded(asked);
    const [exchange] = this.left.splice(at, 1);
    this.used.push(exchange);
    return answerOf(exchange.response);
  };

  #unrecorded({ method, path, body }) {
    if (method === "GET" && path.split("?")[0] === KEYS) return keysAnswer(this.confirm.keys, this.jwks);
    const isAsk = method === "POST" && path === VALIDATE && typeof body?.session_token === "string";
    if (isAsk) return Response.json(validity(this.confirm.isValid, body.session_token));
    this.stray.push(`${method} ${path} ${JSON.stringify(body)}`);
    throw new TypeError("fetch failed");
  }
}

function askOf({ method, path, headers, body }) {
  return {
    method,
    path: decodeURIComponent(path),
    authorization: headers.authorization,
    body: bodyOf(path, body ?? ""),
  };
}

/** The first step of a flow reads no body (`flow-patch#preflight-ignores-body`). */
function bodyOf(path, text) {
  return path === "/profile" ? undefined : jsonOf(text);
}

/** Where no answer came, none comes. */
function answerOf({ status, headers, body }) {
  if (status === null) throw new TypeError("fetch failed");
  const kept = Object.entries(headers).filter(([name]) => /^(content-type|cache-control|set-cookie)$/.test(name));
  return new Response(status === 204 ? null : body, { status, headers: kept });
}

function keysAnswer(status, jwks) {
  return status === 200 ? Response.json(jwks) : Response.json({ code: status, message: "" }, { status });
}

function validity(isValid, token) {
  if (!isValid) return { is_valid: false };
  const { sub, session_id, exp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
  const expiration = new Date(exp * 1000).toISOString();
  return {
    is_valid: true,
    user_id: sub,
    expiration_time: expiration,
    claims: { subject: sub, session_id, expiration },
  };
}

/** The flow's recordings hold their keys as an exchange. */
function keysIn({ scenarios }) {
  const [{ response }] = scenarios.find(({ name }) => name === "jwks").exchanges;
  return JSON.parse(response.body);
}

function jsonOf(text) {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
