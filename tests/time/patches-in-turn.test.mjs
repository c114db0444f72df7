/**
 * Calls for one user are sent one after the other: of two patches that overlap a Hanko server loses one, and so does the test
 * server. Which process, client or token they come from is one matter; whose metadata they write is what counts.
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { createHanko } from "hanko-edge";
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
