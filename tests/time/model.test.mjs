/**
 * The memory of verified tokens is invisible but for time: the same random life gives the same answers with a large one, a
 * small one and none. `MODEL_STEPS` takes fewer steps or more, `MODEL_SEED` another life.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { createHanko } from "hanko-edge";
import { clock } from "./support/clock.mjs";
import { seeded } from "./support/random.mjs";
import { ScriptedHanko, generateKey } from "./support/scripted-hanko.mjs";
import "./support/short-pauses.mjs";

const STEPS = Number(process.env.MODEL_STEPS ?? 100_000);
const SEED = Number(process.env.MODEL_SEED ?? 20_260_501);
const CACHE_SIZES = [1000, 2, 0];
const KEYS = 8;
const SESSIONS = 8;
const DAY = 86_400;
const OUTAGES = ["down", "500", "429", "away", "nonsense"];

const random = seeded(SEED);
const pick = (list) => list[Math.floor(random() * list.length)];
const chance = (share) => random() < share;

const cached = new Map(CACHE_SIZES.map((size) => [size, 0]));
const seen = {};

async function createTenant(name, keys) {
  const hanko = new ScriptedHanko();
  const revoked = new Set();
  const isRevoked = ({ sessionId }) => (lateList ? Promise.resolve(revoked.has(sessionId)) : revoked.has(sessionId));
  let lateList = false;
  const clients = CACHE_SIZES.map((cacheSize) =>
    createHanko({
      apiUrl: `https://cache-${cacheSize}.${name}.hanko.test`,
      fetch: hanko.fetch,
      cacheSize,
      revalidateAfter: 60,
      outageGrace: 120,
      keysMaxStale: 900,
      revocations: { isRevoked, revoke() {}, revokeUser() {} },
      onEvent: (event) => event.cached && cached.set(cacheSize, cached.get(cacheSize) + 1),
    }),
  );
  hanko.keys = [keys[0].listed];
  const tenant = { hanko, revoked, clients, keys, signing: 0, sessions: [], setLate: (late) => (lateList = late) };
  while (tenant.sessions.length < SESSIONS) await addSession(tenant);
  return tenant;
}

async function addSession({ hanko, keys, signing, sessions }) {
  const at = Math.floor(clock.now / 1000);
  const exp = at + (chance(0.1) ? 900 : DAY * 365);
  sessions.push(await hanko.createSession(keys[signing], at - DAY, exp));
  if (sessions.length > SESSIONS * 2) sessions.shift();
}

/** What can happen to a tenant, and how often. */
const HAPPENINGS = [
  [0.03, ({ hanko }) => (hanko.outage = chance(0.7) ? null : pick(OUTAGES))],
  [0.004, ({ hanko, sessions }) => hanko.live.delete(pick(sessions).sessionId)],
  [0.003, ({ revoked, sessions }) => revoked.add(pick(sessions).sessionId)],
  [0.003, ({ revoked }) => revoked.clear()],
  [0.001, rotate],
  [0.01, addSession],
  [0.003, ({ setLate }) => setLate(chance(0.5))],
  [0.002, ({ clients }) => together(clients, (client) => client.reloadKeys())],
  [0.05, () => clock.advance(random() * 20)],
  [0.005, () => clock.advance(random() * 700)],
  [0.005, () => clock.advance(-random() * 120)],
];

/** The next key of the pool signs; the older ones stay listed or not, and sometimes a name has another key. */
async function rotate(tenant) {
  tenant.signing = (tenant.signing + 1) % tenant.keys.length;
  const fresh = tenant.keys[tenant.signing].listed;
  const others = chance(0.6) ? tenant.hanko.keys.filter(({ kid }) => kid !== fresh.kid).slice(-3) : [];
  tenant.hanko.keys = [...others, fresh];
  if (chance(0.2) && others.length > 0) tenant.hanko.keys = [{ ...others[0], n: fresh.n }, fresh];
  await addSession(tenant);
}

/** Every client's outcome, without what only time could tell. */
function together(clients, ask) {
  return Promise.all(
    clients.map((client) =>
      ask(client).then(
        (value) => JSON.stringify(value ?? "done"),
        ({ code, kind, retryAfter }) => JSON.stringify({ code, kind, retryAfter }),
      ),
    ),
  );
}

function question(tenant, other) {
  const { token } = chance(0.03) ? pick(other.sessions) : pick(tenant.sessions);
  if (chance(0.1)) return (client) => client.verifySession(token);
  if (chance(0.02)) return (client) => client.validateSession(token);
  const mode = pick(["local", "hybrid", "hybrid", "remote"]);
  if (!chance(0.1)) return (client) => client.authenticate(token, { mode });
  const cookies = [token, pick(tenant.sessions).token, pick(tenant.sessions).token];
  const headers = new Headers({ cookie: cookies.map((one) => `hanko=${one}`).join("; ") });
  return (client) => client.authenticate(headers, { mode });
}

test(`${STEPS} steps, seed ${SEED}: the same answers with cacheSize ${CACHE_SIZES.join(", ")}`, async () => {
  const pools = [0, 1].map(() => Promise.all(Array.from({ length: KEYS }, (_, at) => generateKey(`key-${at}`))));
  const [first, second] = await Promise.all(pools);
  const tenants = [await createTenant("a", first), await createTenant("b", second)];
  for (let step = 0; step < STEPS; step++) {
    const at = chance(0.5) ? 0 : 1;
    const [tenant, other] = [tenants[at], tenants[1 - at]];
    for (const [share, happen] of HAPPENINGS) if (chance(share)) await happen(tenant);
    const answers = await together(tenant.clients, question(tenant, other));
    for (const answer of answers) assert.equal(answer, answers[0], `step ${step}`);
    count(JSON.parse(answers[0]));
  }
  console.log(`model: ${JSON.stringify(seen)}`);
  console.log(`model: answered from memory ${JSON.stringify([...cached])}`);
  for (const outcome of EXPECTED) assert.ok(seen[outcome] > 0, `no step ended as ${outcome}`);
  assert.ok(cached.get(1000) > cached.get(2) && cached.get(2) > 0, "the memories differ");
  assert.equal(cached.get(0), 0);
});

const EXPECTED = [
  "signed-in local",
  "signed-in local stale",
  "signed-in remote",
  "signed-in remote stale",
  "session_ended",
  "key_not_found",
  "signature_invalid",
  "token_expired",
  "keys_unavailable",
  "server_error",
  "network_error",
  "rate_limited",
];

function count({ status, code, verifiedBy, stale }) {
  const outcome = code ?? (status ? `${status} ${verifiedBy}${stale ? " stale" : ""}` : "other");
  seen[outcome] = (seen[outcome] ?? 0) + 1;
}
