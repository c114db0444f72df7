// A session that ends at Hanko, told to one isolate by webhook, and refused by the others, on miniflare's real KV.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startIsolates } from "./isolates.mjs";

const list = "kv";
const SIGNED_IN = { status: "signed-in", stale: false };
const ENDED = { status: "signed-out", code: "session_ended" };

let isolates;
before(async () => (isolates = await startIsolates()));
after(() => isolates?.stop());

/** The webhook that Hanko's next version sends at the end of a session (`head/webhooks#logout`). */
function logoutOf({ hanko, sessionId, userId }, more = {}) {
  const at = new Date().toISOString();
  const expires_at = new Date(Date.now() + 43_200_000).toISOString();
  const data = { id: sessionId, user_id: userId, created_at: at, updated_at: at, expires_at, last_used: at };
  return hanko.createWebhook("session.delete.explicit.logout", { ...data, ...more });
}

test("a session that ended at Hanko is refused at once where the webhook came, elsewhere within 10 s, without a request", async () => {
  const person = await isolates.signedIn();
  const other = { ...person, ...(await person.hanko.createSession(person.userId)) };
  assert.deepEqual(await isolates.ask("one", person, { list }), SIGNED_IN);
  person.hanko.revokeSession(person.sessionId);
  assert.deepEqual(await isolates.ask("one", person, { list }), SIGNED_IN, "local does not see it");
  assert.equal(await isolates.deliver("two", person, await logoutOf(person)), 204);
  assert.deepEqual(await isolates.ask("two", person, { list }), ENDED);
  assert.deepEqual(await isolates.ask("three", person, { list }), ENDED, "an isolate that has not asked before");
  assert.deepEqual(await isolates.ask("one", person, { list, shift: 11_000 }), ENDED, "one that had");
  assert.deepEqual(await isolates.ask("three", other, { list }), SIGNED_IN, "the other session");
  assert.deepEqual(await isolates.ask("three", person, {}), SIGNED_IN, "the list made the difference");
  const asked = person.hanko.requests.filter(({ path }) => !path.startsWith("/.well-known/jwks.json"));
  assert.deepEqual(asked, []);
});

test("a deleted user's sessions end everywhere, and those of one made again under his id go on", async () => {
  const person = await isolates.signedIn();
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iat: iat + 2 };
  const later = { ...person, ...(await person.hanko.createSession(person.userId, { claims })) };
  const deleted = await person.hanko.createWebhook("user.delete", { id: person.userId }, { claims: { iat } });
  assert.equal(await isolates.deliver("one", person, deleted), 204);
  for (const isolate of ["one", "two", "three"]) {
    assert.deepEqual(await isolates.ask(isolate, person, { list }), ENDED, isolate);
    assert.deepEqual(await isolates.ask(isolate, later, { list, shift: 2000 }), SIGNED_IN, isolate);
  }
});

test("a KV that is away is 503, and nobody is signed out for it", async () => {
  const person = await isolates.signedIn();
  const webhook = await logoutOf(person);
  assert.equal(await isolates.deliver("two", person, webhook, { fault: "rejects" }), 503);
  assert.deepEqual(await isolates.ask("three", person, { list }), SIGNED_IN);
  assert.equal(await isolates.deliver("two", person, webhook), 204, "delivered again by hand");
  assert.deepEqual(await isolates.ask("one", person, { list }), ENDED);
});

test("an isolate is told once of an event, though its route is made in every request", async () => {
  const person = await isolates.signedIn();
  const webhook = await person.hanko.createWebhook("user.login", { id: person.userId });
  const told = async (isolate) =>
    (await isolates.ask(isolate, person, { told: true })).filter((name) => name === "user.login");
  for (let time = 0; time < 3; time++) assert.equal(await isolates.deliver("one", person, webhook), 204);
  assert.deepEqual(await told("one"), ["user.login"]);
  assert.equal(await isolates.deliver("two", person, webhook), 204);
  assert.deepEqual(await told("two"), ["user.login"], "each isolate has a memory of its own");
});

test("work that takes longer than Hanko waits goes on behind a 202", async () => {
  const person = await isolates.signedIn();
  const webhook = await person.hanko.createWebhook("user.create", { id: person.userId, slowMs: 9000 });
  const told = async () => (await isolates.ask("one", person, { told: true })).includes("user.create");
  const began = performance.now();
  assert.equal(await isolates.deliver("one", person, webhook), 202);
  const took = performance.now() - began;
  assert.ok(took >= 7_900 && took < 9_000, `${took} ms`);
  assert.equal(await told(), false);
  while (!(await told()) && performance.now() - began < 15_000)
    await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(await told(), true);
});
