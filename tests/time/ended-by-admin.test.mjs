/** Sessions that `hanko-edge/admin` ends in this process: Hanko's last yes about them counts no more. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { createAdmin } from "hanko-edge/admin";
import { clock } from "./support/clock.mjs";
import { BY_HANKO, brief, clientOf, counted, serverWithSession, signedOut } from "./support/hanko.mjs";

const WAYS = [
  ["deleteSession", (admin, { userId, sessionId }) => admin.deleteSession(userId, sessionId)],
  [
    "deleteSession, its id in capitals",
    (admin, { userId, sessionId }) => admin.deleteSession(userId, sessionId.toUpperCase()),
  ],
  ["deleteSessions", (admin, { userId }) => admin.deleteSessions(userId)],
];

for (const [name, end] of WAYS) {
  for (const [answered, how] of [
    ["answered", undefined],
    ["of which the answer is lost", { afterApply: true }],
  ]) {
    test(`${name}, ${answered}: a hybrid client asks Hanko again`, async () => {
      const known = await serverWithSession();
      const { server, token, userId } = known;
      const other = await server.createSession((await server.createUser()).user_id);
      const hanko = clientOf(server, { mode: "hybrid" });
      const look = async (token) => brief(await hanko.authenticate(token));
      assert.deepEqual(await look(token), BY_HANKO);
      assert.deepEqual(await look(other.token), BY_HANKO);
      if (how) server.break(how, `/admin/users/${userId}/sessions/`);
      const admin = createAdmin({ apiUrl: `${server.apiUrl}/admin`, fetch: server.fetch });
      await end(admin, known).catch(({ code }) => assert.equal(code, "outcome_unknown"));
      assert.deepEqual(await look(token), signedOut("session_ended"));
      const { result, all } = await counted(server, () => look(other.token));
      assert.deepEqual([result, all], [BY_HANKO, 0], "another session's is as it was");
    });
  }
}

test("deleteUser: a hybrid client finds out within revalidateAfter", async () => {
  const { server, token, userId } = await serverWithSession();
  const hanko = clientOf(server, { mode: "hybrid", revalidateAfter: 60 });
  assert.deepEqual(brief(await hanko.authenticate(token)), BY_HANKO);
  await createAdmin({ apiUrl: `${server.apiUrl}/admin`, fetch: server.fetch }).deleteUser(userId);
  clock.advance(60);
  assert.deepEqual(brief(await hanko.authenticate(token)), signedOut("session_ended"));
});
