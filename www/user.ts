import { denyResponse, readToken } from "hanko-edge";

import { clientFor, orderHanko } from "./client";
import type { AskedOfHanko } from "./client";
import type { Env } from "./env";
import { settled } from "./settled";

const UNCACHED = { headers: { "cache-control": "no-store" } };

/** Who sent this request, as Hanko knows them. */
export async function userResponse(request: Request, env: Env): Promise<Response> {
  const asked: AskedOfHanko[] = [];
  const outcome = await settled(() => clientFor(env, asked).getCurrentUser({ token: readToken(request).token }));
  return Response.json({ outcome, asked }, UNCACHED);
}

/** PATCH merges the body into the unsafe metadata, DELETE removes all of it. `?lose=` loses something on the way to the test server. */
export async function metadataResponse(request: Request, env: Env): Promise<Response> {
  // Local is enough: Hanko itself is asked next.
  const auth = await clientFor(env, [], new URL(request.url).origin).authenticate(request, { mode: "local" });
  if (auth.status !== "signed-in") return denyResponse(auth);
  const patch = request.method === "DELETE" ? null : parsed(await request.text());
  if (patch === undefined) return new Response("Not JSON\n", { status: 400 });
  const asked: AskedOfHanko[] = [];
  const hanko = clientFor(env, asked);
  const { token } = auth;
  const write = () =>
    patch === null ? hanko.clearUnsafeMetadata({ token }) : hanko.patchUnsafeMetadata(patch, { token });
  const outcome = await losing(env, new URL(request.url).searchParams.get("lose"), () => settled(write));
  return Response.json({ outcome, asked }, UNCACHED);
}

function parsed(text: string) {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

async function losing<T>(env: Env, what: string | null, work: () => Promise<T>): Promise<T> {
  if (!env.HANKO || what === null) return work();
  await orderHanko(env, "lose", what);
  try {
    return await work();
  } finally {
    await orderHanko(env, "find");
  }
}
