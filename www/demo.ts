import { decodeToken, readToken } from "hanko-edge";

import { clientFor, hankoUrl, sendToHanko } from "./client";
import { CONTROL_PATH } from "./env";
import type { Env } from "./env";

type Route = (request: Request, env: Env) => Promise<Response>;

const ANYWHERE = new Map<string, Route>([
  ["sign-in", signIn],
  ["sign-out", signOut],
  ["revoke", revoke],
]);

/** These are there only together with the test server. */
const WITH_TEST_SERVER = new Map<string, Route>([
  ["break", ordered],
  ["heal", heal],
  ["token", ordered],
]);

/** The routes under /demo/: what a sign-in page, another device or a bad day would do. */
export async function demoResponse(request: Request, env: Env): Promise<Response> {
  const name = routeName(request);
  if (name === "state" && request.method === "GET") return state(env);
  const route = ANYWHERE.get(name) ?? (env.HANKO && WITH_TEST_SERVER.get(name));
  if (!route) return new Response("Not found\n", { status: 404 });
  if (request.method !== "POST") return new Response("Only POST\n", { status: 405, headers: { allow: "POST" } });
  if (!isSameOrigin(request)) return new Response("Only from this page\n", { status: 403 });
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
  const testServer = await (await order(env, "state")).json();
  return Response.json({ apiUrl: hankoUrl(env), testServer }, { headers });
}

/** Sets the session cookie, to a new session at the test server or to a token that was pasted. */
async function signIn(request: Request, env: Env): Promise<Response> {
  const token = env.HANKO ? await newSession(env, await request.text()) : (await request.text()).trim();
  if (token === undefined || !/^[\w.-]+$/.test(token))
    return new Response("No such person or token\n", { status: 400 });
  return new Response(null, { status: 204, headers: { "set-cookie": sessionCookie(request, token) } });
}

async function newSession(env: Env, body: string): Promise<string | undefined> {
  const answer = await order(env, "sign-in", body);
  return answer.ok ? answer.text() : undefined;
}

async function signOut(request: Request, env: Env): Promise<Response> {
  await endAtHanko(request, env).catch(() => undefined);
  return new Response(null, { status: 204, headers: { "set-cookie": `${sessionCookie(request, "")}; Max-Age=0` } });
}

/** Ends the session as another device would: this browser keeps its cookie. */
async function revoke(request: Request, env: Env): Promise<Response> {
  if (!env.HANKO) return endAtHanko(request, env);
  return order(env, "revoke", decodeToken(readToken(request).token).claims.session_id);
}

/** POST /logout is Hanko's own way to end the session of a token. Its answer's cookie is left out. */
async function endAtHanko(request: Request, env: Env): Promise<Response> {
  const headers = { authorization: `Bearer ${readToken(request).token}` };
  const { status } = await sendToHanko(env, new Request(`${hankoUrl(env)}/logout`, { method: "POST", headers }));
  return new Response(null, { status: status === 204 ? 204 : 502 });
}

function sessionCookie(request: Request, token: string): string {
  const secure = new URL(request.url).protocol === "https:" ? "; Secure" : "";
  return `hanko=${token}; Path=/; HttpOnly; SameSite=Strict${secure}`;
}

async function heal(request: Request, env: Env): Promise<Response> {
  const answer = await ordered(request, env);
  // A failed key fetch is not repeated for 30 seconds; this demo does not make people wait for that.
  await clientFor(env).reloadKeys();
  return answer;
}

async function ordered(request: Request, env: Env): Promise<Response> {
  return order(env, routeName(request), await request.text());
}

function order(env: Env, name: string, body = ""): Promise<Response> {
  return sendToHanko(env, new Request(`${hankoUrl(env)}${CONTROL_PATH}${name}`, { method: "POST", body }));
}
