/**
 * A network between one call and a test server that loses, delays, repeats and makes up. What the server really wrote is
 * counted, whatever the call is told; an answer may be lost while the server still works.
 */
import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds after which a request that was cut arrives at the latest. */
const LATEST = 600;
const RESET = () => new TypeError("fetch failed");
const bare = (status) => Response.json({ code: status, message: "Some error" }, { status });
const inFlow = (status) =>
  Response.json({ name: "error", status, csrf_token: "", actions: {}, error: { code: "some_error" } }, { status });

/** What can become of a request. `deliver` gives the server's true answer. */
const FATES = {
  "lost before the server": async () => {
    throw RESET();
  },
  "answer lost": async ({ deliver }) => {
    await deliver();
    throw RESET();
  },
  "cut while the server works": async ({ deliver }) => {
    void deliver();
    throw RESET();
  },
  "cut, and delivered late": async ({ deliver, later }) => {
    later(deliver);
    throw RESET();
  },
  "answer late": async ({ deliver, signal }) => {
    await deliver();
    return aborted(signal);
  },
  "delivered twice by the connection": async ({ deliver }) => {
    await deliver();
    return deliver();
  },
  "repeated by the connection while the server works": async ({ deliver }) => (void deliver(), deliver()),
  "half of the answer": async ({ deliver }) => {
    const answer = await deliver();
    const half = (await answer.text()).slice(0, 100);
    return new Response(half, { status: answer.status, headers: answer.headers });
  },
  "a body that breaks off": async ({ deliver }) => {
    const answer = await deliver();
    const pull = (controller) => controller.error(RESET());
    return new Response(new ReadableStream({ pull }), { status: answer.status });
  },
  "bare 500, the work done": async ({ deliver }) => (await deliver(), bare(500)),
  "bare 500, nothing done": async () => bare(500),
  "the flow's 500": async () => inFlow(500),
  "a proxy's 502, nothing done": async () => bare(502),
  "a proxy's 504, the work done": async ({ deliver }) => (await deliver(), bare(504)),
  "a proxy's 504 while the server works": async ({ deliver }) => (void deliver(), bare(504)),
  429: async () => bare(429),
  "a portal's page": async () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
  "a portal's page, the work done": async ({ deliver }) => (await deliver(), new Response("<!doctype html>")),
  "401 though the session lives": async () => inFlow(401),
  "401 while the server works": async ({ deliver, isPatch }) => {
    if (isPatch) throw RESET(); // Hanko's own 401 to a patch means that it was not written.
    void deliver();
    return inFlow(401);
  },
  "session ended before": async ({ deliver, endSession }) => (endSession(), deliver()),
  "session ended after, answer lost": async ({ deliver, endSession }) => {
    await deliver();
    endSession();
    throw RESET();
  },
  "flows expired": async ({ deliver, expireFlows }) => (expireFlows(), deliver()),
  "csrf token spent by another": async ({ deliver, spend }) => (await spend(), deliver()),
};
export const FATE_NAMES = Object.keys(FATES);

function aborted(signal) {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}

/** The network of one call: `fate(request)` names what becomes of each request, undefined for nothing bad. */
export function lossyNetwork({ server, endSession, expireFlows, random }, fate) {
  const network = { writes: 0, requests: 0, underWay: [], met: [] };
  const deliver = async (text, input) => {
    const { url, method, headers } = input;
    const answer = await server.fetch(url, { method, headers, body: text });
    const isPatch = url.includes("action=patch_metadata");
    if (isPatch && answer.status === 200 && text !== undefined && !isSpending(text)) network.writes += 1;
    return answer;
  };
  network.fetch = async (request) => {
    network.requests += 1;
    const name = fate(request);
    if (name) network.met.push(name);
    const text = request.method === "POST" ? await request.clone().text() : undefined;
    const work = (body) => {
      const delivery = deliver(body, request);
      network.underWay.push(delivery);
      return delivery;
    };
    if (!name) return work(text);
    return FATES[name]({
      deliver: () => work(text),
      later: (deliver) => network.underWay.push(delay(random() * LATEST).then(deliver)),
      signal: request.signal,
      isPatch: request.url.includes("action=patch_metadata"),
      endSession,
      expireFlows,
      spend: () => spend(text, work),
    });
  };
  /** When the server has done all that was ever delivered to it. */
  network.quiet = async () => {
    for (let seen = -1; seen !== network.underWay.length;) {
      seen = network.underWay.length;
      await Promise.allSettled(network.underWay);
    }
  };
  return network;
}

const SPENDING = {};

/** Somebody else's request on the same flow, which changes nothing but its csrf token. */
async function spend(text, work) {
  if (!text?.includes('"patch_metadata"')) return;
  const body = JSON.parse(text);
  await work(JSON.stringify({ ...body, input_data: { patch_metadata: SPENDING } }));
}

function isSpending(text) {
  return text.includes('"patch_metadata":{}');
}
