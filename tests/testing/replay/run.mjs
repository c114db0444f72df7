/** Replays one recording, and says what differed. */
import { difference } from "./compare.mjs";
import { Stage } from "./stage.mjs";
import { isIn } from "./swap.mjs";

/** Begun by the flow API, which this server does not have. */
const FLOW = /^\/(login|registration|profile)(\?|$)/;

/**
 * @param steps What happened at the server besides the recorded requests, by the name of the exchange before which it did.
 * @returns `compared`: how many exchanges were; `apart`: those that differed, by name.
 */
export async function replay(version, recording, steps, isMeant = () => true) {
  const stage = await Stage.open(version, recording);
  const apart = new Map();
  let compared = 0;
  for (const scenario of recording.scenarios.filter(isMeant)) {
    for (const [index, exchange] of scenario.exchanges.entries()) {
      const name = `${recording.topic}#${scenario.name}[${index}]`;
      await stage.turnTo(scenario, exchange);
      for (const step of steps[name] ?? []) await perform(step, stage, exchange);
      const found = await replayExchange(stage, exchange);
      compared += found.compared ? 1 : 0;
      if (found.difference) apart.set(name, found.difference);
    }
  }
  // Servers are shared between topics.
  stage.server.hanko.setOutage(null);
  return { compared, apart };
}

async function replayExchange(stage, exchange) {
  const { kind, request } = exchange;
  if (kind) return {};
  if (request.to) return administer(stage, request);
  if (request.method === "POST" && FLOW.test(request.path)) return useAsProfile(stage, request);
  const answer = await stage.send({ ...request, body: bodyOf(stage, exchange) });
  return { compared: true, difference: difference(exchange, answer) };
}

/** What the Admin API ended is ended by a direct call. */
async function administer(stage, { method, path }) {
  const [, userId, sessionId] =
    /^\/users\/([^/]+)(?:\/sessions\/([^/]+))?$/.exec(method === "DELETE" ? path : "") ?? [];
  if (sessionId) await stage.end(({ payload }) => payload.session_id === sessionId);
  else if (userId) await stage.end(({ payload }) => payload.sub === userId);
  return {};
}

/** `POST /profile` renews a session, or ends an idle one, as `/me` does. */
async function useAsProfile(stage, { path, headers }) {
  if (path.startsWith("/profile")) await stage.send({ method: "GET", path: "/me", headers, body: null });
  return {};
}

async function perform(step, stage, { request }) {
  const { hanko } = stage.server;
  if (step.version && step.version !== stage.version) return;
  if ("outage" in step) hanko.setOutage(step.outage);
  else if (step.rotate) await hanko.rotateKeys();
  else if (step.ended === "body") await stage.end((token) => isIn(request.body, token));
  else if (step.ended) await stage.end((token) => isIn(request.headers[step.ended], token));
  else throw new Error(`no such step: ${JSON.stringify(step)}`);
}

/** Bodies of megabytes are described in the recording, not written out. */
function bodyOf(stage, { request: { bodyNote, body } }) {
  if (!bodyNote) return body;
  const letters = "a".repeat(2097152);
  if (bodyNote.startsWith('{"session_token":"aaaa')) return JSON.stringify({ session_token: letters });
  const session_token = stage.tokens[0].text;
  if (bodyNote.startsWith('{"pad":"aaaa')) return JSON.stringify({ pad: letters, session_token });
  if (bodyNote.startsWith("9 MiB of spaces")) return " ".repeat(9 * 1024 * 1024) + JSON.stringify({ session_token });
  throw new Error(`no such body: ${bodyNote}`);
}
