import { decodeToken } from "hanko-edge";
import { createTestHanko } from "hanko-edge/testing";
import type { TestHanko } from "hanko-edge/testing";

import { CONTROL_PATH, HOOK, TEST_API_URL } from "./env";

/** Longer than the demo Worker waits. In milliseconds. */
const SLOW = 5000;

const FAILURES = new Map<string, (hanko: TestHanko) => void>([
  ["database-away", (hanko) => hanko.setOutage("database-away")],
  ["refused", (hanko) => hanko.break({ reset: true })],
  ["slow", (hanko) => hanko.break({ delayMs: SLOW })],
  ["html", (hanko) => hanko.break({ status: 200, headers: { "content-type": "text/html" }, body: MAINTENANCE })],
  ["500", (hanko) => hanko.break({ status: 500 })],
]);

/** What can go wrong with a single write. Of several breaks that match the latest counts. */
const LOSSES = new Map<string, (hanko: TestHanko) => void>([
  ["answer", (hanko) => hanko.break({ reset: true, afterApply: true, times: 1 }, PATCHING)],
  ["request", (hanko) => hanko.break({ reset: true, times: 1 }, PATCHING)],
  ["all", (hanko) => LOST_FOR_GOOD.forEach((path) => hanko.break({ reset: true, afterApply: true }, path))],
]);
const PATCHING = "/profile?action=patch_metadata";
const LOST_FOR_GOOD = [PATCHING, "/me"];

const MAINTENANCE = "<!doctype html><title>Maintenance</title><p>We will be back soon.";

const PEOPLE = [
  { id: "mira", name: "Mira Okafor", address: "mira@example.com" },
  { id: "jonas", name: "Jonas Lindqvist", address: "jonas@example.com" },
];

/** What an administrator and they themselves have stored of them. */
const METADATA = { public_metadata: { plan: "team" }, unsafe_metadata: { theme: "light", seen: ["welcome"] } };

interface World {
  hanko: TestHanko;
  userIds: Map<string, string>;
  failure: string | null;
}

let world: World | undefined;

/** The demo Worker, which receives the webhooks. */
interface Env {
  DEMO: { fetch: typeof globalThis.fetch };
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    // Never awaits what another request began: workerd would cancel it. The first world to be ready is kept.
    const made = world ?? (await createWorld());
    const kept = (world ??= made);
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(CONTROL_PATH)) return kept.hanko.fetch(request);
    const order = pathname.slice(CONTROL_PATH.length);
    const body = await request.text();
    return order === "hook" ? deliver(kept, env, body) : controlled(kept, order, body);
  },
};

async function createWorld(): Promise<World> {
  const hanko = await createTestHanko({ apiUrl: TEST_API_URL });
  const userIds = new Map<string, string>();
  for (const { id, name, address } of PEOPLE) {
    const emails = [{ id: crypto.randomUUID(), address, is_verified: true, is_primary: true }];
    const user = await hanko.createUser({ username: id, name, email: address, emails, metadata: METADATA });
    userIds.set(id, user.user_id);
  }
  return { hanko, userIds, failure: null };
}

async function controlled(world: World, order: string, body: string): Promise<Response> {
  if (order === "state") return Response.json({ people: PEOPLE, failure: world.failure });
  if (order === "sign-in") return tokenResponse(await tokenFor(world, body));
  if (order === "token") return tokenResponse(await sampleToken(world, body));
  if (order === "revoke") world.hanko.revokeSession(body);
  else if (order === "heal") heal(world);
  else if (order === "break" && FAILURES.has(body)) fail(world, body);
  else if (order === "lose" && LOSSES.has(body)) LOSSES.get(body)?.(world.hanko);
  else if (order === "find") find(world);
  else return new Response("Not found\n", { status: 404 });
  return new Response(null, { status: 204 });
}

function heal(world: World): void {
  world.hanko.heal();
  world.hanko.setOutage(null);
  world.failure = null;
}

function fail(world: World, failure: string): void {
  heal(world);
  FAILURES.get(failure)?.(world.hanko);
  world.failure = failure;
}

/** Ends what was lost on the way; what else was broken stays so. */
function find(world: World): void {
  if (world.failure === null) heal(world);
  else fail(world, world.failure);
}

/** Ends the session of a token, and posts what a Hanko after 3.0.4 posts then. */
async function deliver({ hanko }: World, env: Env, token: string): Promise<Response> {
  const { claims } = decodeToken(token);
  hanko.revokeSession(claims.session_id);
  const data = { id: claims.session_id, user_id: claims.subject, expires_at: claims.expiration };
  const body = JSON.stringify(await hanko.createWebhook("session.delete.explicit.logout", data));
  return env.DEMO.fetch(HOOK, { method: "POST", headers: { "content-type": "application/json" }, body });
}

async function tokenFor(world: World, person: string, claims = {}, header = {}): Promise<string | undefined> {
  const userId = world.userIds.get(person);
  const name = PEOPLE.find(({ id }) => id === person)?.name;
  if (userId === undefined || name === undefined) return undefined;
  const session = await world.hanko.createSession(userId, { claims: { name, ...claims }, header });
  return session.token;
}

/** A token to paste: a good one, or one with a fault that has a code. */
async function sampleToken(world: World, kind: string): Promise<string | undefined> {
  const hourAgo = Math.floor(Date.now() / 1000) - 3600;
  if (kind === "good") return tokenFor(world, "mira");
  if (kind === "expired") return tokenFor(world, "mira", { iat: hourAgo - 3600, exp: hourAgo });
  if (kind === "unsigned") return tokenFor(world, "mira", {}, { alg: "none" });
  if (kind === "altered") return withOtherSubject(await tokenFor(world, "mira"));
  return undefined;
}

/** Another person's id under the first one's signature. */
function withOtherSubject(token = ""): string {
  const [header, payload, signature] = token.split(".");
  const claims = JSON.parse(atob((payload ?? "").replace(/-/g, "+").replace(/_/g, "/")));
  const forged = btoa(JSON.stringify({ ...claims, sub: crypto.randomUUID() }));
  return [header, forged.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, ""), signature].join(".");
}

function tokenResponse(token: string | undefined): Response {
  return token === undefined ? new Response("Not found\n", { status: 404 }) : new Response(token);
}
