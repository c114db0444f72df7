/** Replays one recording, and says what differed. */
import { difference } from "./compare.mjs";
import { beginLeftOut } from "./flows.mjs";
import { exchangesOf } from "./recording.mjs";
import { Stage } from "./stage.mjs";
import { isIn } from "./swap.mjs";

/**
 * @param steps What happened at the server besides the recorded requests, by the name of the exchange before which it did.
 * @param reasonToSkip Why an exchange cannot be replayed, or undefined.
 * @returns `compared`: how many exchanges were; `skipped`: how many were not, by reason; `apart`: those that differed, by name.
 */
export async function replay(version, recording, steps, reasonToSkip) {
  const stage = await Stage.open(version, recording);
  const found = { compared: 0, skipped: {}, apart: new Map() };
  for (const { name, scenario, exchange } of exchangesOf(recording)) {
    const reason = reasonToSkip(name, exchange);
    if (reason) found.skipped[reason] = (found.skipped[reason] ?? 0) + 1;
    const own = (steps[name] ?? []).filter((step) => !step.version || step.version === version);
    await stage.turnTo(scenario, exchange, own.find(({ later }) => later)?.later);
    if (!reason) await beginLeftOut(stage, exchange);
    for (const step of own) await perform(step, stage, exchange);
    if (reason) continue;
    found.compared += 1;
    const apart = await replayExchange(
      stage,
      exchange,
      own.some(({ unordered }) => unordered),
    );
    if (apart) found.apart.set(name, apart);
  }
  // Servers are shared between topics.
  stage.server.hanko.setOutage(null);
  return found;
}

async function replayExchange(stage, exchange, isUnordered) {
  const { request, response } = exchange;
  await stage.setUp(exchange);
  const answer = await stage.send({ ...request, body: bodyOf(stage, exchange) }, request.to);
  const apart = difference(exchange, answer, stage.names, isUnordered);
  if (!apart) learnSession(stage, response.body ?? "", answer.body);
  return apart;
}

/** A session that the Admin API made. */
function learnSession(stage, recorded, body) {
  const [was, is] = [recorded, body].map((text) => /^\{"session_token":"([^"]+)"/.exec(text ?? "")?.[1]);
  const token = stage.tokens.find(({ text }) => text === was);
  if (!token || !is) return;
  const { session_id: sessionId } = JSON.parse(Buffer.from(is.split(".")[1], "base64url").toString());
  stage.learn(token, { token: is, sessionId });
}

async function perform(step, stage, { request }) {
  const { hanko } = stage.server;
  if (step.later || step.unordered) return;
  if ("outage" in step) hanko.setOutage(step.outage);
  else if (step.break) hanko.break(step.break, step.path);
  else if (step.rotate) await hanko.rotateKeys();
  else if (step.metadata) await hasMetadata(stage, step.metadata, request);
  else if (step.ended === "body") await stage.end((token) => isIn(request.body, token));
  else if (step.ended) await stage.end((token) => isIn(request.headers[step.ended], token));
  else throw new Error(`no such step: ${JSON.stringify(step)}`);
}

/** The person of this request had this metadata before. `metadata` is the text of a patch for the Admin API. */
async function hasMetadata(stage, metadata, { path, headers }) {
  const token = stage.tokens.find((one) => isIn(JSON.stringify(headers), one));
  const userId = token?.payload.sub ?? /[\da-f-]{36}/.exec(path)[0];
  if (token) await stage.make(token);
  else await stage.ensureUser(userId);
  for (const body of ["null", metadata]) {
    const request = { method: "PATCH", path: `/users/${userId}/metadata`, body };
    const { status } = await stage.send({ ...request, headers: { "content-type": "application/json" } }, "admin");
    if (status > 204) throw new Error(`metadata could not be set: ${status}`);
  }
}

/** Bodies of megabytes are described in the recording, not written out; bytes that are no text are base64. */
function bodyOf(stage, { request: { bodyNote, body, body_base64: base64 } }) {
  if (base64) return Buffer.from(stage.names.inOurs(Buffer.from(base64, "base64").toString("latin1")), "latin1");
  if (/…\(\d+ MB of x\)…/.test(body ?? ""))
    return body.replace(/x+…\((\d+) MB of x\)…x+/, (_, megabytes) => "x".repeat(megabytes * 1_000_000));
  if (!bodyNote) return body;
  const letters = "a".repeat(2097152);
  if (bodyNote.startsWith('{"session_token":"aaaa')) return JSON.stringify({ session_token: letters });
  const session_token = stage.tokens[0].text;
  if (bodyNote.startsWith('{"pad":"aaaa')) return JSON.stringify({ pad: letters, session_token });
  if (bodyNote.startsWith("9 MiB of spaces")) return " ".repeat(9 * 1024 * 1024) + JSON.stringify({ session_token });
  throw new Error(`no such body: ${bodyNote}`);
}
