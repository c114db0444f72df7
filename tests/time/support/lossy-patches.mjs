/** A worker's share of the patches over a lossy network: runs them, and tells what came of them and what was wrong. */
import { parentPort, workerData } from "node:worker_threads";

import { createHanko } from "hanko-edge";
import { createTestHanko } from "hanko-edge/testing";
import { FATE_NAMES, lossyNetwork } from "./lossy-network.mjs";
import { seeded } from "./random.mjs";

const WORLDS = 5;
const USERS = 60;
const SEED = 20261121;
const DAY = 24 * 3600 * 1000;

async function startServer(version) {
  let later = 0;
  const server = await createTestHanko({ version, lifespan: 1e9, now: () => new Date(Date.now() + later) });
  return { server, expireFlows: () => (later += DAY) };
}

/** What becomes of each request of a run: nothing bad, one of them bad, or half of them. */
function fatesOf(random) {
  const one = () => {
    const name = FATE_NAMES[Math.floor(random() * FATE_NAMES.length)];
    return name === "answer late" && random() < 0.9 /* It takes seconds. */ ? "answer lost" : name;
  };
  const weather = random();
  if (weather < 0.15) return () => undefined;
  if (weather < 0.4) return () => (random() < 0.5 ? one() : undefined);
  const [at, only] = [Math.floor(random() * 5), random() < 0.7];
  let number = 0;
  return (request) => {
    const hit = only ? request.url.includes("action=patch_metadata") && number++ === 0 : number++ === at;
    return hit ? one() : undefined;
  };
}

/** A patch that no run before made, and what of it must be stored. */
function changeOf(random, run) {
  const kind = random();
  if (kind < 0.05) return { clear: true };
  if (kind < 0.1) return { patch: { run, long: "x".repeat(2995) }, tooLarge: true };
  if (kind < 0.2) return { patch: { run, deep: { list: [run, { gone: null, kept: run }] } } };
  if (kind < 0.3) return { patch: { run, deep: null, nested: { [`k${run % 3}`]: run } } };
  return { patch: { run, nested: { [`k${run % 5}`]: run, [`k${(run + 1) % 5}`]: null } } };
}

async function runOnce(user, run) {
  const random = seeded(SEED + run);
  const { server } = user.world;
  if (user.session === undefined) user.session = await server.createSession(user.id);
  const { token, sessionId } = user.session;
  const endSession = () => {
    server.revokeSession(sessionId);
    user.session = undefined;
  };
  const network = lossyNetwork({ ...user.world, endSession, random }, fatesOf(random));
  const hanko = createHanko({ apiUrl: server.apiUrl, fetch: network.fetch });
  const { patch, clear, tooLarge } = changeOf(random, run);
  const giveUp = random() < 0.05 ? AbortSignal.timeout(Math.floor(random() * 150)) : undefined;
  const options = { token, ...(giveUp && { signal: giveUp }) };
  const before = clear ? await storedOf(user) : {};
  const told = await (clear ? hanko.clearUnsafeMetadata(options) : hanko.patchUnsafeMetadata(patch, options)).catch(
    (error) => error,
  );
  await network.quiet();
  const after = await storedOf(user);
  return { run, told, network, before, after, clear, tooLarge };
}

async function storedOf({ world: { server }, id }) {
  const answer = await server.fetch(`${server.apiUrl}/admin/users/${id}/metadata`);
  return answer.status === 204 ? {} : ((await answer.json()).unsafe_metadata ?? {});
}

/** What is wrong about a report, or undefined. */
function fault({ run, told, network: { writes }, before, after, clear, tooLarge }) {
  const isEmpty = Object.keys(after).length === 0;
  if (writes > 1) return "written twice";
  if (tooLarge && writes > 0) return "too much is stored";
  const isStored = clear ? isEmpty : after.run === run;
  const wasStored = clear && Object.keys(before).length === 0;
  if ((writes === 1) !== isStored && !wasStored) return "the test counts wrongly";
  if (!(told instanceof Error)) {
    if (!isStored) return "said to be stored, and is not";
    return JSON.stringify(sorted(told.unsafe_metadata)) === JSON.stringify(sorted(after))
      ? undefined
      : "other metadata";
  }
  if (told.code === "outcome_unknown") return undefined;
  return writes === 0 ? undefined : `said to have failed by ${told.code}, and is stored`;
}

const sorted = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort()
          .map(([name, inner]) => [name, sorted(inner)]),
      )
    : value;

const worlds = await Promise.all(Array.from({ length: WORLDS }, (_, at) => startServer(at % 2 ? "2.7" : "3.0")));
const users = Array.from({ length: USERS }, (_, at) => ({ world: worlds[at % WORLDS] }));
for (const user of users) user.id = (await user.world.server.createUser()).user_id;

const told = { outcomes: {}, met: {}, wrong: [], requests: 0 };
const count = (counts, name) => (counts[name] = (counts[name] ?? 0) + 1);
let next = workerData.from;
await Promise.all(
  users.map(async (user) => {
    while (next < workerData.to) {
      const result = await runOnce(user, next++);
      count(told.outcomes, result.told instanceof Error ? (result.told.code ?? String(result.told)) : "stored");
      for (const name of result.network.met) count(told.met, name);
      told.requests += result.network.requests;
      const what = fault(result);
      if (what) told.wrong.push(`run ${result.run}: ${what} (${result.network.met.join(", ")})`);
    }
  }),
);
parentPort.postMessage(told);
