import { decodeToken, denyResponse, HankoError } from "hanko-edge";
import type { Auth, HankoOptions } from "hanko-edge";

import { assetResponse } from "./assets";
import { clientFor } from "./client";
import type { AskedOfHanko } from "./client";
import { demoResponse } from "./demo";
import type { CustomClaims, Env } from "./env";
import { hookResponse } from "./hook";
import { described, settled } from "./settled";
import { metadataResponse, userResponse } from "./user";

type Route = (request: Request, env: Env) => Promise<Response>;

const ROUTES = new Map<string, Route>([
  ["GET /api/session", sessionResponse],
  ["GET /api/user", userResponse],
  ["PATCH /api/metadata", metadataResponse],
  ["DELETE /api/metadata", metadataResponse],
  ["POST /api/decode", decodeResponse],
]);

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    try {
      if (pathname.startsWith("/demo/")) return await demoResponse(request, env);
      if (pathname === "/hooks/hanko") return await hookResponse(request, env);
      const route = ROUTES.get(`${request.method} ${pathname}`);
      return route ? await route(request, env) : assetResponse(request);
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
