/** hanko-edge/admin, fed with recorded answers: each call asks what was recorded, and says of it what the contract says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";

import { createAdmin } from "hanko-edge/admin";

import { readRecording } from "../testing/replay/recording.mjs";
import { answerIn, RELEASES } from "./support/recorded.mjs";
import { adminUserOf, defined } from "./support/recorded-users.mjs";
import { Replay } from "./support/replay.mjs";

const EMPTY = { public_metadata: {}, private_metadata: {}, unsafe_metadata: {} };
/** As this package sends them: the nil one is nobody's. */
const UUID = /^(?!0{8}-0{4}-0{4}-0{4}-0{12})[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** Recorded exchanges as calls; undefined where the package would not send this. `told` makes of a good answer what the call resolves to. */
const CALLS = {
  "POST /users": (_, body) => {
    if (body?.id !== undefined || !isUser(body)) return undefined;
    return { call: (admin) => admin.createUser(body), told: adminUserOf, denied: "argument_invalid" };
  },
  "GET /users/{id}": ([id]) => ({ call: (admin) => admin.getUser(id), told: adminUserOf }),
  "DELETE /users/{id}": ([id]) => ({ call: (admin) => admin.deleteUser(id), told: () => undefined }),
  "POST /sessions": (_, body) => {
    const { user_id: id, user_agent: userAgent, ip_address: ipAddress } = body ?? {};
    if (!UUID.test(id)) return undefined;
    const options = defined({ userAgent, ipAddress });
    return { call: (admin) => admin.createSession(id, options), told: (answer) => answer, denied: "argument_invalid" };
  },
  "GET /users/{id}/sessions": ([id]) => ({
    call: (admin) => admin.listSessions(id),
    told: (all) => all.map(sessionOf),
  }),
  "DELETE /users/{id}/sessions/{id}": ([id, session]) => ({
    call: (admin) => admin.deleteSession(id, session),
    told: () => undefined,
  }),
  "GET /users/{id}/metadata": ([id]) => ({ call: (admin) => admin.getMetadata(id), told: metadataOf }),
  "PATCH /users/{id}/metadata": ([id], body) => {
    if (!isPatch(body)) return undefined;
    return { call: (admin) => admin.patchMetadata(id, body), told: metadataOf, denied: "metadata_too_large" };
  },
};

/** How many calls of each topic are sent, at least: a topic that is not read shows no failure. */
const FEWEST = { admin: 24, "admin-metadata": 64, users: 1, "users-credentials": 1, "session-lifecycle": 1 };

for (const release of RELEASES)
  for (const [topic, fewest] of Object.entries(FEWEST)) {
    const recording = readRecording(release, topic);
    const found = recording.scenarios.flatMap(({ name, exchanges }) =>
      exchanges.flatMap((exchange, index) => {
        const call = callOf(exchange);
        return call ? [{ name: `${topic}#${name}[${index}]`, exchange, ...call }] : [];
      }),
    );
    test(`${release}, ${topic}: ${found.length} calls`, async () => {
      let sent = 0;
      for (const one of found) sent += await replayOne(recording, one);
      assert.ok(sent >= fewest, `${sent} were sent`);
    });
  }

async function replayOne(recording, { name, exchange, call, told, denied }) {
  const server = new Replay({ jwks: { keys: [] }, ...recording }, [exchange]);
  const admin = createAdmin({ apiUrl: server.apiUrl, fetch: server.fetch });
  const { status } = exchange.response;
  if (status === 200 || status === 204) {
    assert.deepEqual(await call(admin), told(status === 204 ? undefined : answerIn(exchange)), name);
  } else {
    const code = { 404: "not_found", 400: denied, 409: denied, 500: "outcome_unknown" }[status];
    const error = await call(admin).catch((reason) => reason);
    assert.equal(error.code, code, name);
    // What the package can tell by itself it does not send.
    if (error.status === undefined && code === denied) return 0;
    assert.equal(error.status, status, name);
  }
  assert.deepEqual([server.stray, server.used.length], [[], 1], name);
  return 1;
}

function callOf({ kind, request, response }) {
  // The flow's recordings do not say where a request went; metadata is the Admin API's alone.
  if (kind || !(request.to === "admin" || request.path.endsWith("/metadata"))) return undefined;
  if (request.headers.authorization || (request.body && request.headers["content-type"] !== "application/json"))
    return undefined;
  // Of the public server, which has no such route.
  if (!request.to && response.headers.vary) return undefined;
  const path = request.path.split("/");
  const ids = path.filter((part) => UUID.test(part));
  const route = path.map((part) => (UUID.test(part) ? "{id}" : part)).join("/");
  const body = sendable(request.body ?? "");
  return CALLS[`${request.method} ${route}`]?.(ids, body);
}

/** What this package can send: JSON of finite numbers, no name twice, and no bytes that the recording could not keep. */
function sendable(text) {
  if (text.includes("\ufffd")) return undefined;
  try {
    const value = JSON.parse(text);
    const names = (json) => json.match(/"(?:[^"\\]|\\.)*"\s*:/g)?.length ?? 0;
    const again = JSON.stringify(value);
    return isDeepStrictEqual(JSON.parse(again), value) && names(again) === names(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isUser(body) {
  const names = Object.keys(body ?? {});
  const isEmail = (one) => typeof one?.is_primary === "boolean" && typeof one.is_verified === "boolean";
  return (
    names.length > 0 && names.every((name) => /^(emails|username)$/.test(name)) && (body.emails ?? []).every(isEmail)
  );
}

function isPatch(body) {
  if (body === undefined) return false;
  if (body === null) return true;
  const isKind = ([name, value]) =>
    name in EMPTY && (value === null || (typeof value === "object" && !Array.isArray(value)));
  return typeof body === "object" && !Array.isArray(body) && Object.entries(body).every(isKind);
}

function metadataOf(told = {}) {
  return { ...EMPTY, ...told };
}

function sessionOf({ user_agent, ip_address, ...session }) {
  return defined({ ...session, user_agent: user_agent ?? undefined, ip_address: ip_address ?? undefined });
}
