/** How an answer of the test server differs from the recorded one. */

import { isDeepStrictEqual } from "node:util";

/** The connection's own, besides those that every answer has anew. */
const NOT_COMPARED = ["date", "content-length", "x-request-id", "transfer-encoding", "connection"];

/** Seconds by which a time of last use may differ: the recorder notes when it asked, Hanko when it answered. */
const TOLERANCE = 0.1;

const STRING = /"(?:[^"\\]|\\.)*"/gs;
const TIME = /^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z"$/;
const COUNT = /"sign_count":\d+/g;
const TOKEN = /^"eyJ[\w-]+\.[\w-]+\.[\w-]+"$/;

/** Undefined when they agree, else what differs. */
export function difference(exchange, answer, names, isUnordered = false) {
  const { request, response: recorded } = exchange;
  if (recorded.status === null) return answer.thrown ? undefined : `status ${answer.status}, recorded no answer`;
  if (answer.thrown) return `fetch: ${answer.thrown}`;
  if (answer.status !== recorded.status) return `status ${answer.status}, recorded ${recorded.status}: ${answer.body}`;
  const headers = [headersOf(answer.headers), names.inOurs(headersOf(recorded.headers))];
  if (headers[0] !== headers[1]) return `headers ${headers[0]}, recorded ${headers[1]}`;
  return differentId(request, recorded, answer) ?? differentBody(recorded.body, answer.body, names, isUnordered);
}

/** A header that came several times is a list. The host of a link is each server's own. */
function headersOf(headers) {
  const joined = Object.entries(headers).map(([name, values]) => [name, [values].flat().join(", ")]);
  const kept = joined.filter(([name]) => !NOT_COMPARED.includes(name));
  return JSON.stringify(kept.sort(([a], [b]) => (a < b ? -1 : 1))).replace(/<https?:\/\/[^/>]+(\/admin)?\//g, "</");
}

function differentId(request, recorded, { headers }) {
  const [was, is] = [recorded.headers["x-request-id"], headers["x-request-id"]];
  const given = request.headers["x-request-id"];
  const form = /^[A-Za-z]{32}$/;
  const agree = given === undefined && was !== undefined ? form.test(was) && form.test(is ?? "") : is === was;
  return agree ? undefined : `x-request-id ${is}, recorded ${was}`;
}

/** Unordered are members whose order is chance at Hanko: then the values must agree, and the texts must not. */
function differentBody(recorded, body, names, isUnordered) {
  names.learnFlow(recorded, body);
  if (isUnordered) {
    const agree = isDeepStrictEqual(JSON.parse(body), JSON.parse(recorded)) && body !== recorded;
    return agree ? undefined : `body ${body}, recorded in another order ${recorded}`;
  }
  const cut = recorded.search(/…(\(cut\))?$/);
  const whole = cut === -1 ? recorded : beforeCutString(recorded.slice(0, cut));
  const expected = /^[{[]/.test(whole) ? withOwnValues(whole, body, names) : whole;
  const agree = cut === -1 ? body === expected : body.startsWith(expected);
  return agree ? undefined : `body ${body}, recorded ${expected}`;
}

/** A text that was cut within a string, without the rest of that string. */
function beforeCutString(text) {
  return text.replace(STRING, (string) => " ".repeat(string.length)).includes('"')
    ? text.slice(0, text.lastIndexOf('"'))
    : text;
}

/** The recorded text with our values of what is each server's own: strings are paired in their order. */
function withOwnValues(recorded, body, names) {
  const ours = body.match(STRING) ?? [];
  let name = "";
  let index = 0;
  const paired = recorded.replace(STRING, (was, at) => {
    const is = ours[index] ?? "";
    index += 1;
    if (recorded[at + was.length] === ":") name = JSON.parse(was);
    else if (isOwn(name, was, is, names)) return is;
    return names.pairIds(was, is) ? is : was;
  });
  const counts = body.match(COUNT) ?? [];
  return paired.replace(COUNT, () => counts.shift() ?? "");
}

function isOwn(name, was, is, names) {
  if (name === "idle_expires_at")
    return Math.abs(Date.parse(JSON.parse(was)) - Date.parse(JSON.parse(is))) < TOLERANCE * 1000;
  if (/^(created_at|updated_at|expires_at|last_used)$/.test(name)) return TIME.test(was) && TIME.test(is);
  if (name === "csrf_token") return /^"\w{32}"$/.test(is) && names.agree(JSON.parse(was), JSON.parse(is));
  if (name === "session_token") return TOKEN.test(was) && TOKEN.test(is) && namesOfClaims(was) === namesOfClaims(is);
  return name === "n" && was.length === is.length;
}

function namesOfClaims(token) {
  const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
  return Object.keys(claims).join();
}
