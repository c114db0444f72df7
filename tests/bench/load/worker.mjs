// A Worker that greets who is signed in, by each way of asking. `/headers` only reads what may carry a
// token, `/nobody` not even that: what the machine can do at most.
import { createHanko, denyResponse } from "hanko-edge";

const hankoOf = (env, mode) => createHanko({ apiUrl: env.HANKO_API_URL, allowInsecure: true, mode });

export default {
  async fetch(request, env, context) {
    const way = WAYS[new URL(request.url).pathname];
    return way(request, env, context);
  },
};

const WAYS = {
  "/local": (request, env) => greeted(hankoOf(env, "local"), request),
  "/hybrid": (request, env, context) =>
    greeted(hankoOf(env, "hybrid"), request, { waitUntil: (work) => context.waitUntil(work) }),
  "/sample": async (request, env) => {
    const token = request.headers.get("cookie")?.match(/(?:^|; )hanko=([^;]*)/)?.[1];
    const session = token && (await validateToken(env.HANKO_API_URL, token));
    return session ? new Response(`Hello ${session.user_id}`) : new Response("Unauthorized", { status: 401 });
  },
  "/headers": async ({ headers }) => {
    const texts = [headers.get("authorization"), headers.get("cookie")];
    return new Response(`Hello ${texts.join().length}`);
  },
  "/nobody": async () => new Response("Hello"),
};

async function greeted(hanko, request, options) {
  const auth = await hanko.authenticate(request, options);
  return auth.status === "signed-in" ? new Response(`Hello ${auth.userId}`) : denyResponse(auth);
}

/** As Hanko's quickstart for JavaScript backends does (docs.hanko.io/quickstarts/backend/javascript). */
async function validateToken(hankoApiUrl, token) {
  try {
    const response = await fetch(`${hankoApiUrl}/sessions/validate`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ session_token: token }),
    });
    if (!response.ok) return undefined;
    const validation = await response.json();
    return validation.is_valid ? validation : undefined;
  } catch {
    return undefined;
  }
}
