// What events end, and what a list that fails makes of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mock, test } from "node:test";

import { webhookRoute } from "hanko-edge/webhooks";

import { bodyOf, ISSUED_AT, post, recorded, trusting } from "./support.mjs";

const USER = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";
const SESSION = "2b25b8be-1c2d-4e3f-8a9b-0c1d2e3f4a5b";
const TOLERANCE = 300_000;
const DAYS = 86_400_000;

const recordings = ["2.7.0/webhooks", "3.0.4/webhooks", "head/webhooks", "head/webhooks-session-idle"].map((name) =>
  JSON.parse(readFileSync(new URL(`../vectors/recorded/${name}.json`, import.meta.url), "utf8")),
);
const payloads = recordings
  .flatMap(({ scenarios }) => scenarios.flatMap(({ exchanges }) => exchanges))
  .filter(({ kind }) => kind === "delivery")
  .map(({ request }) => JSON.parse(Buffer.from(JSON.parse(request.body).token.split(".")[1], "base64url")));

async function entriesOf(event, data, options) {
  const { route, done } = recorded(options);
  const { status } = await post(route, bodyOf(event, data));
  assert.equal(status, 204);
  return done.filter(([name]) => name.startsWith("revoke"));
}

test("of all that real servers sent, the ends of sessions and users are written, and nothing else", async () => {
  const ends = new Map();
  for (const { evt, data } of payloads) {
    const entries = await entriesOf(evt, data);
    if (evt === "user.delete") {
      assert.deepEqual(entries, [
        ["revokeUser", data.id, new Date(ISSUED_AT), new Date(ISSUED_AT + 30 * DAYS + TOLERANCE)],
      ]);
    } else if (evt.startsWith("session.delete.")) {
      assert.deepEqual(entries, [["revoke", data.id, new Date(Date.parse(data.expires_at) + TOLERANCE)]]);
    } else {
      assert.deepEqual(entries, [], evt);
      continue;
    }
    ends.set(evt, (ends.get(evt) ?? 0) + 1);
  }
  assert.deepEqual([...ends.keys()].sort(), [
    "session.delete.admin.revoke",
    "session.delete.explicit.logout",
    "session.delete.explicit.revoke",
    "session.delete.passive.expire",
    "session.delete.passive.limit",
    "user.delete",
  ]);
  assert.equal(ends.get("user.delete"), 3);
});

test("names that only look like it end nothing", async () => {
  const data = { id: SESSION, user_id: USER, expires_at: "2036-11-18T05:47:23Z" };
  const names = [
    "session.delete",
    "session.deleted",
    "session.create.delete",
    "sessions.delete",
    "user.delete.email",
    "users.delete",
  ];
  for (const event of [...names, "user.deleted", "x.user.delete", "x.session.delete.admin", "SESSION.DELETE.x"]) {
    assert.deepEqual(await entriesOf(event, data), [], event);
  }
});

test("a session that is not dated is remembered for the longest life, which an option says", async () => {
  const undated = [undefined, null, "", "soon", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"];
  for (const expires_at of [...undated, 1_795_240_043, 2001, ["2001-01-01T00:00:00Z"], {}]) {
    const data = { id: SESSION, user_id: USER, expires_at };
    const until = (milliseconds) => [["revoke", SESSION, new Date(ISSUED_AT + milliseconds + TOLERANCE)]];
    assert.deepEqual(await entriesOf("session.delete.passive.expire", data), until(30 * DAYS));
    const options = { sessionLifespan: 3600 };
    assert.deepEqual(await entriesOf("session.delete.passive.expire", data, options), until(3_600_000));
  }
  const options = { sessionLifespan: 3600 };
  const [[, , issuedBefore, until]] = await entriesOf("user.delete", { id: USER }, options);
  assert.deepEqual([issuedBefore, until], [new Date(ISSUED_AT), new Date(ISSUED_AT + 3_600_000 + TOLERANCE)]);
});

test("without a list nothing is written, and the event is told", async () => {
  for (const event of ["user.delete", "session.delete.admin.revoke"]) {
    const { route, names } = recorded({ revocations: undefined });
    assert.equal((await post(route, bodyOf(event, { id: USER }))).status, 204);
    assert.deepEqual(names(), ["verify", "remember", "tell"], event);
  }
});

test("the event beside the token is not believed", async () => {
  const { route, names } = recorded();
  const { token } = JSON.parse(bodyOf("user.login", { id: USER }));
  assert.equal((await post(route, JSON.stringify({ token, event: "user.delete" }))).status, 204);
  assert.deepEqual(names(), ["verify", "remember", "tell"]);
});

test("a list that fails is tried three times, after 250 ms and a second", async (context) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  for (const failures of [1, 2, 3]) {
    let tries = 0;
    const told = [];
    const revokeUser = () => {
      tries += 1;
      if (tries === 1 && failures > 0) throw new Error("away at once");
      if (tries <= failures) return Promise.reject(new Error("away"));
    };
    const revocations = { isRevoked: () => false, revoke() {}, revokeUser };
    const route = webhookRoute(trusting, { revocations, onEvent: (event) => void told.push(event) });
    const answered = post(route, bodyOf("user.delete", { id: USER }, failures));
    const counts = [];
    for (const milliseconds of [249, 1, 999, 1]) {
      await settle();
      counts.push(tries);
      mock.timers.tick(milliseconds);
    }
    const response = await answered;
    const [after249, after250, after1249] = [1, 1, Math.min(2, failures + 1)];
    assert.deepEqual(counts, [after249, after250, after1249, after1249], `${failures} failures`);
    assert.equal(tries, Math.min(3, failures + 1));
    assert.deepEqual([response.status, told.length], failures < 3 ? [204, 1] : [503, 0]);
    if (failures === 3) assert.deepEqual(await response.json(), { code: "internal_error" });
  }
});

/** Lets promises and streams settle while timers stand still. */
async function settle() {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
