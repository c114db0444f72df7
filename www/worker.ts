import { decodeToken, denyResponse, HankoError } from "hanko-edge";
import type { Auth, HankoOptions } from "hanko-edge";

import { assetResponse } from "./assets";
import { clientFor } from "./client";
import type { AskedOfHanko } from "./client";
import { demoResponse } from "./demo";
import type { CustomClaims, Env } from "./env";

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const url = new URL(request.url);
    try {
      if (url.pathname.startsWith("/demo/")) return await demoResponse(request, env);
      if (url.pathname === "/api/session" && request.method === "GET") return await sessionResponse(request, env);
      if (url.pathname === "/api/decode" && request.method === "POST") return await decodeResponse(request, env);
      return assetResponse(request);
    } catch (error) {
      if (error instanceof HankoError) return Response.json(described(error), { status: 400 });
      throw error;
    }
  },
};

/** Who sent this request, by the mode that `?mode=` names, how that was found, and what an API would answer. */
async function sessionResponse(request: Request, env: Env): Promise<Response> {
  const mode = (new URL(request.url).searchParams.get("mode") ?? undefined) as HankoOptions["mode"];
  const asked: AskedOfHanko[] = [];
  const started = performance.now();
  const auth = await clientFor(env, asked).authenticate(request, { mode });
  const durationMs = Math.round(performance.now() - started);
  return Response.json(
    { auth: withoutToken(auth), durationMs, asked, answer: answerTo(auth) },
    { headers: { "cache-control": "no-store" } },
  );
}

function withoutToken(auth: Auth<CustomClaims>) {
  if (auth.status !== "signed-in") return auth;
  const { token: _, ...rest } = auth;
  return rest;
}

function answerTo(auth: Auth<CustomClaims>) {
  if (auth.status === "signed-in") return { status: 200, headers: {} };
  const { status, headers } = denyResponse(auth);
  const telling = ["www-authenticate", "retry-after"].filter((name) => headers.has(name));
  return { status, headers: Object.fromEntries(telling.map((name) => [name, headers.get(name)])) };
}

/** What a token says, and whether it is true: each is a value or an error. */
async function decodeResponse(request: Request, env: Env): Promise<Response> {
  const token = await request.text();
  return Response.json({
    decoded: await settled(() => decodeToken(token)),
    verified: await settled(() => clientFor(env).verifySession(token)),
  });
}

async function settled<T>(run: () => T | Promise<T>) {
  try {
    return { value: await run() };
  } catch (error) {
    if (error instanceof HankoError) return { error: described(error) };
    throw error;
  }
}

function described({ code, kind, message }: HankoError) {
  return { code, kind, message };
}
