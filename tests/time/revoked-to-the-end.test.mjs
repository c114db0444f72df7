/**
 * A list forgets a revoked session when it would have ended by itself, at `exp`. `clockTolerance` forgives more: where there is
 * a list, it does not, whoever made the list, or the session would be back until then.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { kvRevocations, memoryRevocations, unstorageRevocations } from "hanko-edge/stores";
import { clock } from "./support/clock.mjs";
import { brief, clientOf, serverWithSession, signedOut } from "./support/hanko.mjs";

const TOLERANCE = 300;
const LIFE = 60;
const MODES = ["local", "remote", "hybrid"];

/** A list of a user's own, that keeps what it is told and no longer. */
function ownList(answer = (value) => value) {
  const held = new Map();
  return {
    isRevoked: ({ sessionId }) => answer(clock.now < (held.get(sessionId) ?? 0)),
    revoke: (sessionId, until) => void held.set(sessionId, until.getTime()),
    revokeUser() {},
  };
}

/** A place for texts that drops each when its time is over. */
function place() {
  const held = new Map();
  const get = async (key) => (clock.now < (held.get(key)?.until ?? 0) ? held.get(key).text : null);
  const put = async (key, text, seconds) => void held.set(key, { text, until: clock.now + seconds * 1000 });
  return { get, put };
}

const LISTS = {
  memory: memoryRevocations,
  kv() {
    const { get, put } = place();
    return kvRevocations({ get, put: (key, text, { expirationTtl }) => put(key, text, expirationTtl) });
  },
  unstorage() {
    const { get, put } = place();
    return unstorageRevocations({ getItem: get, setItem: (key, text, { ttl }) => put(key, text, ttl) });
  },
  "of a user's own, at once": () => ownList(),
  "of a user's own, later": () => ownList(async (value) => value),
};

/** A session that ends in a minute, and a client that forgives five more. */
async function shortSession(options) {
  const known = await serverWithSession();
  const exp = Math.floor(clock.now / 1000) + LIFE;
  const session = await known.server.createSession(known.userId, { claims: { exp } });
  const hanko = clientOf(known.server, { clockTolerance: TOLERANCE, revalidateAfter: 3600, ...options });
  return { ...session, hanko };
}

/** The codes of one session, asked in every way. */
async function codes(hanko, token) {
  const verified = hanko.verifySession(token).catch((error) => error);
  const auths = await Promise.all(MODES.map((mode) => hanko.authenticate(token, { mode })));
  return [...auths, await verified].map(({ code }) => code);
}

const all = (code) => MODES.map(() => code).concat(code);

for (const [name, make] of Object.entries(LISTS)) {
  for (const cacheSize of [0, 1000]) {
    test(`a list, ${name}, cacheSize ${cacheSize}: a revoked session never comes back`, async () => {
      const revocations = make();
      const { token, sessionId, hanko } = await shortSession({ revocations, cacheSize });
      const auth = await hanko.authenticate(token);
      assert.equal(auth.status, "signed-in");
      await revocations.revoke(sessionId, auth.expiresAt);
      for (const seconds of [0, LIFE - 0.001]) {
        clock.advance(seconds);
        assert.deepEqual(await codes(hanko, token), all("session_ended"));
      }
      for (const seconds of [0.001, 1, TOLERANCE - 2, 1, 1]) {
        clock.advance(seconds);
        assert.deepEqual(await codes(hanko, token), all("token_expired"));
      }
    });

    test(`a list, ${name}, cacheSize ${cacheSize}: a session that is not revoked lives to its end, and no longer`, async () => {
      const { token, hanko } = await shortSession({ revocations: make(), cacheSize });
      for (const seconds of [0, LIFE - 0.001]) {
        clock.advance(seconds);
        assert.deepEqual(await codes(hanko, token), all(undefined));
      }
      clock.advance(0.001);
      assert.deepEqual(await codes(hanko, token), all("token_expired"));
    });
  }
}

test("a list that answers when the session has ended meanwhile: token_expired", async () => {
  for (const answer of [(value) => value, async (value) => value]) {
    const list = ownList((value) => (clock.advance(LIFE), answer(value)));
    const { token, hanko } = await shortSession({ revocations: list });
    assert.deepEqual(brief(await hanko.authenticate(token)), signedOut("token_expired"));
  }
});

test("without a list the tolerance is forgiven", async () => {
  const { token, hanko } = await shortSession();
  assert.equal((await hanko.authenticate(token)).status, "signed-in");
  clock.advance(LIFE + TOLERANCE - 0.001);
  assert.equal((await hanko.authenticate(token)).status, "signed-in");
  clock.advance(0.001);
  assert.deepEqual(brief(await hanko.authenticate(token)), signedOut("token_expired"));
});

test("a writer whose clock is ahead does not shorten what a store keeps", async () => {
  const ttls = [];
  const kv = { get: async () => null, put: async (_, __, { expirationTtl }) => ttls.push(expirationTtl) };
  const storage = { getItem: async () => null, setItem: async (_, __, { ttl }) => ttls.push(ttl) };
  const until = new Date(clock.now + 100_000);
  for (const list of [kvRevocations(kv), unstorageRevocations(storage)]) await list.revoke("s", until);
  assert.deepEqual(ttls, [100 + TOLERANCE, 100 + TOLERANCE]);
});
