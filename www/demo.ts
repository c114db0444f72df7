import { decodeToken, readToken } from "hanko-edge";

import { clientFor, hankoUrl, orderHanko, sendToHanko, TIMEOUT } from "./client";
import type { Env } from "./env";

type Route = (request: Request, env: Env) => Promise<Response>;

const ANYWHERE = new Map<string, Route>([
  ["sign-in", signIn],
  ["sign-out", signOut],
  ["revoke", revoke],
]);

/** These are there only together with the test server. */
const WITH_TEST_SERVER = new Map<string, Route>([
  ["hook", deliver],
  ["break", breakHanko],
  ["heal", heal],
  ["token", ordered],
]);

/** Browsers drop a cookie whose name, value and attributes have more than 4096 bytes together (RFC 6265 section 6.1). */
const COOKIE_ROOM = 4000;

/** The routes under /demo/: what a sign-in page, another device or a bad day would do. */
export async function demoResponse(request: Request, env: Env): Promise<Response> {
  const name = routeName(request);
  if (name === "state" && request.method === "GET") return state(env);
  const route = ANYWHERE.get(name) ?? (env.HANKO && WITH_TEST_SERVER.get(name));
  if (!route) return refusal(404, "Not found");
  if (request.method !== "POST") return refusal(405, "Only POST", { allow: "POST" });
  if (!isSameOrigin(request)) return refusal(403, "Only from this page");
  return route(request, env);
}

function routeName(request: Request): string {
  return new URL(request.url).pathname.slice("/demo/".length);
}

function isSameOrigin(request: Request): boolean {
  const origin = request.headers.get("origin");
  if (origin !== null) return origin === new URL(request.url).origin;
  return request.headers.get("sec-fetch-site") === "same-origin";
}

async function state(env: Env): Promise<Response> {
  const headers = { "cache-control": "no-store" };
  if (!env.HANKO) return Response.json({ apiUrl: hankoUrl(env), testServer: null }, { headers });
  const testServer = await (await orderHanko(env, "state")).json();
  return Response.json({ apiUrl: hankoUrl(env), testServer }, { headers });
}

/** Sets the session cookie, to a new session at the test server or to a token that was pasted. */
async function signIn(request: Request, env: Env): Promise<Response> {
  const body = (await request.text()).trim();
  const token = env.HANKO ? await newSession(env, body) : body;
  if (token === undefined || !/^[\w.-]+$/.test(token)) return refusal(400, "No such person or token");
  if (token.length > COOKIE_ROOM) return refusal(400, "Too long for a cookie");
  return new Response(null, { status: 204, headers: { "set-cookie": sessionCookie(request, token) } });
}

async function newSession(env: Env, body: string): Promise<string | undefined> {
  const answer = await orderHanko(env, "sign-in", body);
  return answer.ok ? answer.text() : undefined;
}

async function signOut(request: Request, env: Env): Promise<Response> {
  await endAtHanko(request, env).catch(() => undefined);
  return new Response(null, { status: 204, headers: { "set-cookie": `${sessionCookie(request, "")}; Max-Age=0` } });
}

/** Ends the session as another device would, of somebody who was here a moment ago: this browser keeps its cookie. */
async function revoke(request: Request, env: Env): Promise<Response> {
  await askHanko(request, env);
  if (!env.HANKO) return endAtHanko(request, env);
  return orderHanko(env, "revoke", decodeToken(readToken(request).token).claims.session_id);
}

/** Ends the session too, at a Hanko that tells of it by webhook. */
async function deliver(request: Request, env: Env): Promise<Response> {
  return orderHanko(env, "hook", readToken(request).token);
}

/** POST /logout is Hanko's own way to end the session of a token. Its answer's cookie is left out. */
async function endAtHanko(request: Request, env: Env): Promise<Response> {
  const headers = { authorization: `Bearer ${readToken(request).token}` };
  const init = { method: "POST", headers, signal: AbortSignal.timeout(TIMEOUT) };
  const logout = new Request(`${hankoUrl(env)}/logout`, init);
  const answer = await sendToHanko(env, logout).catch(() => undefined);
  return answer?.status === 204 ? new Response(null, { status: 204 }) : refusal(502, "Hanko did not");
}

function refusal(status: number, reason: string, headers = {}): Response {
  return new Response(`${reason}\n`, { status, headers });
}

function sessionCookie(request: Request, token: string): string {
  const secure = new URL(request.url).protocol === "https:" ? "; Secure" : "";
  return `hanko=${token}; Path=/; HttpOnly; SameSite=Strict${secure}`;
}

/** Breaks a Hanko that was well a moment ago, whichever failure was on before. */
async function breakHanko(request: Request, env: Env): Promise<Response> {
  await heal(request, env);
  return ordered(request, env);
}

/** What failed is not asked again for 1 to 30 seconds; this demo does not make people wait for that. */
async function heal(request: Request, env: Env): Promise<Response> {
  const answer = await orderHanko(env, "heal");
  await clientFor(env).reloadKeys();
  await askHanko(request, env);
  return answer;
}

/** Makes what hybrid remembers fresh, so that there is time to watch it count. */
async function askHanko(request: Request, env: Env): Promise<void> {
  await clientFor(env).authenticate(request, { mode: "remote" });
}

async function ordered(request: Request, env: Env): Promise<Response> {
  return orderHanko(env, routeName(request), await request.text());
}
