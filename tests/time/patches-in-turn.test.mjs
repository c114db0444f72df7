/**
 * Calls for one user are sent one after the other: of two patches that overlap a Hanko server loses one, and so does the test
 * server. Which process, client or token they come from is one matter; whose metadata they write is what counts.
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { createHanko } from "hanko-edge";
import { createAdmin } from "hanko-edge/admin";
import { clientOf, serverWithSession } from "./support/hanko.mjs";

const ROUNDS = 300;

async function unsafe({ server, userId }) {
  const answer = await server.fetch(`${server.apiUrl}/admin/users/${userId}/metadata`);
  return answer.status === 204 ? {} : ((await answer.json()).unsafe_metadata ?? {});
}

/** How many of the rounds of two patches at once lost one of the two. */
async function lostIn(rounds, known, one, two) {
  let lost = 0;
  for (let round = 1; round <= rounds; round++) {
    await Promise.all([one({ one: round }), two({ two: round })]);
    const stored = await unsafe(known);
    if (stored.one !== round || stored.two !== round) lost += 1;
  }
  return lost;
}

for (const version of ["2.7", "3.0"]) {
  test(`${ROUNDS} rounds of two patches at once, ${version}: none is lost, two requests a round`, async () => {
    const known = await serverWithSession({ version });
    const { server, token } = known;
    // A client made in every call, as in a Worker.
    const patch = (change) => clientOf(server).patchUnsafeMetadata(change, { token });
    await patch({ one: 0 });
    const before = server.requests.length;
    assert.equal(await lostIn(ROUNDS, known, patch, patch), 0);
    const sent = server.requests.slice(before).filter(({ path }) => path.startsWith("/profile"));
    assert.equal(sent.length, 2 * ROUNDS);
  });
}

test("patches and a removal of all by two sessions of one user: none overlaps", async () => {
  const known = await serverWithSession();
  const { server, token, userId } = known;
  const second = (await server.createSession(userId)).token;
  const hanko = clientOf(server);
  const patch = (token) => (change) => hanko.patchUnsafeMetadata(change, { token });
  assert.equal(await lostIn(50, known, patch(token), patch(second)), 0);
  const [, cleared, last] = await Promise.all([
    patch(token)({ gone: 1 }),
    hanko.clearUnsafeMetadata({ token: second }),
    patch(token)({ last: 1 }),
  ]);
  assert.deepEqual([cleared.unsafe_metadata, last.unsafe_metadata], [{}, { last: 1 }]);
  assert.deepEqual(await unsafe(known), { last: 1 });
});

/** A client of a page in which the session's cookie is: a script of the page does not see it. */
function pageOf({ server, token }) {
  const fetch = (request) => {
    const byCookie = new Request(request);
    byCookie.headers.set("authorization", `Bearer ${token}`);
    return server.fetch(byCookie);
  };
  return createHanko({ apiUrl: server.apiUrl, fetch });
}

test("patches by the browser's cookie and by a token of the same user: none overlaps", async (t) => {
  globalThis.document = {};
  t.after(() => delete globalThis.document);
  const known = await serverWithSession();
  const [page, hanko] = [pageOf(known), clientOf(known.server)];
  const byCookie = (change) => page.patchUnsafeMetadata(change);
  const byToken = (change) => hanko.patchUnsafeMetadata(change, { token: known.token });
  await byCookie({ one: 0 });
  assert.equal(await lostIn(30, known, byCookie, byToken), 0);
  assert.equal(await lostIn(30, known, byCookie, byCookie), 0);
});

test("an administrator's patches and the user's own: none overlaps, whatever kind they are of", async () => {
  const known = await serverWithSession();
  const { server, token, userId } = known;
  const admin = createAdmin({ apiUrl: `${server.apiUrl}/admin`, fetch: server.fetch });
  const byAdmin = async ({ two }) => admin.patchMetadata(userId, { public_metadata: { two } });
  const byUser = (change) => clientOf(server).patchUnsafeMetadata(change, { token });
  const lost = { admins: 0, both: 0 };
  for (let round = 1; round <= 30; round++) {
    await Promise.all([byAdmin({ two: round }), admin.patchMetadata(userId, { private_metadata: { one: round } })]);
    const { public_metadata, private_metadata } = await admin.getMetadata(userId);
    if (public_metadata.two !== round || private_metadata.one !== round) lost.admins += 1;
    await Promise.all([byUser({ one: -round }), byAdmin({ two: -round })]);
    const stored = await admin.getMetadata(userId);
    if (stored.public_metadata.two !== -round || stored.unsafe_metadata.one !== -round) lost.both += 1;
  }
  assert.deepEqual(lost, { admins: 0, both: 0 });
});

test("an administrator's patch that had no turn before its deadline was not sent, and says so", async () => {
  const { server, userId } = await serverWithSession();
  const admin = createAdmin({ apiUrl: `${server.apiUrl}/admin`, fetch: server.fetch, timeout: 200 });
  const patient = createAdmin({ apiUrl: `${server.apiUrl}/admin`, fetch: server.fetch });
  server.break({ delayMs: 600, times: 1 }, "/admin/users");
  const first = patient.patchMetadata(userId, { public_metadata: { a: 1 } });
  await assert.rejects(admin.patchMetadata(userId, { public_metadata: { b: 1 } }), { code: "request_timeout" });
  assert.deepEqual((await first).public_metadata, { a: 1 });
  assert.equal(server.requests.filter(({ method }) => method === "PATCH").length, 1);
});

test("a forged token holds up nobody: whoever has a turn has been let in by Hanko", async () => {
  const { server, token, userId } = await serverWithSession();
  const [hanko, forged] = [clientOf(server), `${token.slice(0, token.lastIndexOf("."))}.${"A".repeat(342)}`];
  const admin = createAdmin({ apiUrl: `${server.apiUrl}/admin`, fetch: server.fetch });
  server.break({ delayMs: 2000, times: 1 }, "/profile");
  const held = hanko.patchUnsafeMetadata({ forged: 1 }, { token: forged }).catch(({ code }) => code);
  while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const began = performance.now();
  await admin.patchMetadata(userId, { public_metadata: { a: 1 } });
  await hanko.patchUnsafeMetadata({ b: 1 }, { token });
  const took = performance.now() - began;
  assert.ok(took < 1500, `${Math.round(took)} ms`);
  assert.equal(await held, "unauthorized");
  assert.deepEqual(await unsafe({ server, userId }), { b: 1 });
});

test("two processes of one user can still overlap, and lose updates", async () => {
  const known = await serverWithSession();
  const { server, token } = known;
  const another = createRequire(import.meta.url)("hanko-edge"); // Has a core of its own, as another process has.
  const patch = (create) => {
    const hanko = create({ apiUrl: server.apiUrl, fetch: server.fetch });
    return (change) => hanko.patchUnsafeMetadata(change, { token });
  };
  await patch(createHanko)({ one: 0 }); // Of two first writes at once one fails, and says so.
  const lost = await lostIn(30, known, patch(createHanko), patch(another.createHanko));
  assert.ok(lost > 15, `${lost} of 30 lost`);
});

test("first come, first served, though others come all the time", async () => {
  const { server, token } = await serverWithSession();
  const hanko = clientOf(server);
  const order = [];
  const call = async (number) => {
    await hanko.patchUnsafeMetadata({ [`k${number % 20}`]: number }, { token });
    order.push(number);
  };
  const calls = [];
  for (let number = 0; number < 60; number++) {
    calls.push(call(number));
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  await Promise.all(calls);
  assert.deepEqual(
    order,
    Array.from({ length: 60 }, (_, at) => at),
  );
});

test("users do not wait for each other, nor addresses", async () => {
  const { server, token } = await serverWithSession();
  const others = await Promise.all(
    [1, 2, 3].map(async () => server.createSession((await server.createUser()).user_id)),
  );
  const elsewhere = await serverWithSession();
  const hanko = clientOf(server);
  server.break({ hang: true, times: 1 }, "/profile");
  const hanging = new AbortController();
  const held = hanko.patchUnsafeMetadata({ a: 1 }, { token, signal: hanging.signal }).catch(({ code }) => code);
  const went = await Promise.all([
    ...others.map(({ token }) => hanko.patchUnsafeMetadata({ a: 1 }, { token })),
    clientOf(elsewhere.server).patchUnsafeMetadata({ a: 1 }, { token: elsewhere.token }),
  ]);
  assert.deepEqual(new Set(went.map(({ unsafe_metadata }) => JSON.stringify(unsafe_metadata))), new Set(['{"a":1}']));
  hanging.abort();
  assert.equal(await held, "request_aborted");
});

test("a flow is gone on with by its own token only, and by every client of its address", async () => {
  const { server, token, userId } = await serverWithSession();
  const second = (await server.createSession(userId)).token;
  const stepsOf = async (token, options) => {
    const from = server.requests.length;
    await clientOf(server, options).patchUnsafeMetadata({ at: from }, { token });
    return server.requests.length - from;
  };
  const steps = [];
  for (const [which, options] of [[token], [token, { timeout: 4000 }], [second], [token], [second]])
    steps.push(await stepsOf(which, options));
  assert.deepEqual(steps, [3, 1, 3, 1, 1]);
  const other = await serverWithSession();
  assert.equal(
    (await clientOf(other.server).patchUnsafeMetadata({ a: 1 }, { token: other.token })).unsafe_metadata.a,
    1,
  );
});
