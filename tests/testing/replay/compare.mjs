/** How an answer of the test server differs from the recorded one. */

/** The connection's own, besides those that every answer has anew. */
const NOT_COMPARED = ["date", "content-length", "x-request-id", "transfer-encoding", "connection"];

/** Members whose values are each server's own; type, length and place are compared. */
const OWN =
  /^(claims\.session_id|keys\.\d+\.(kid|n)|username\.id|webauthn_credentials\.\d+\.(sign_count|transports\.\d+\.ID))$/;
const TIMES = /^username\.(created_at|updated_at)$/;

/** Seconds by which a time of last use may differ: the recorder notes when it asked, Hanko when it answered. */
const TOLERANCE = 0.1;

/** Undefined when they agree, else what differs. */
export function difference(exchange, answer) {
  const { request, response: recorded } = exchange;
  if (answer.thrown) return `fetch: ${answer.thrown}`;
  if (answer.status !== recorded.status) return `status ${answer.status}, recorded ${recorded.status}`;
  const headers = [headersOf(answer.headers), headersOf(recorded.headers)];
  if (headers[0] !== headers[1]) return `headers ${headers[0]}, recorded ${headers[1]}`;
  return differentId(request, recorded, answer) ?? differentBody(recorded.body, answer.body);
}

function headersOf(headers) {
  const kept = Object.entries(headers).filter(([name]) => !NOT_COMPARED.includes(name));
  return JSON.stringify(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function differentId(request, recorded, { headers }) {
  const [was, is] = [recorded.headers["x-request-id"], headers["x-request-id"]];
  const given = request.headers["x-request-id"];
  const form = /^[A-Za-z]{32}$/;
  const agree = given === undefined && was !== undefined ? form.test(was) && form.test(is ?? "") : is === was;
  return agree ? undefined : `x-request-id ${is}, recorded ${was}`;
}

function differentBody(recorded, body) {
  const cut = recorded.search(/…(\(cut\))?$/);
  if (cut !== -1) return body.startsWith(recorded.slice(0, cut)) ? undefined : `body ${body}, recorded ${recorded}`;
  const expected = isJson(recorded) && isJson(body) ? withOwnValues(recorded, body) : recorded;
  return expected === body ? undefined : `body ${body}, recorded ${expected}`;
}

/** The recorded text with our values of the members that are each server's own. */
function withOwnValues(recorded, body) {
  let text = recorded;
  const replaceIn = (was, is, path) => {
    if (was === null || is === null || typeof was !== "object" || typeof is !== "object") return;
    for (const name of Object.keys(was)) {
      const below = path === "" ? name : `${path}.${name}`;
      if (isOwn(below, was[name], is[name])) text = text.replaceAll(member(name, was[name]), member(name, is[name]));
      else replaceIn(was[name], is[name], below);
    }
  };
  replaceIn(JSON.parse(recorded), JSON.parse(body), "");
  return text;
}

function isOwn(path, was, is) {
  if (path === "idle_expires_at") return secondsBetween(was, is) < TOLERANCE;
  if (TIMES.test(path)) return !Number.isNaN(Date.parse(is));
  return OWN.test(path) && typeof is === typeof was && String(is).length === String(was).length;
}

function member(name, value) {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function secondsBetween(a, b) {
  return Math.abs(Date.parse(a) - Date.parse(b)) / 1000;
}

function isJson(text) {
  return /^[{[]/.test(text);
}
