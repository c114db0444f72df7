// One isolate: asks who sent the request, with the store and the list that the query names.
import { createHanko } from "hanko-edge";
import { cacheKeyStore, kvKeyStore, kvRevocations } from "hanko-edge/stores";

import { DEADLINE_MS, faulty } from "./faults.mjs";

const realNow = Date.now;

export default {
  async fetch(request, env, context) {
    const asked = Object.fromEntries(new URL(request.url).searchParams);
    Date.now = () => realNow() + Number(asked.shift ?? 0);
    try {
      return Response.json(await answer(request, asked, env, context));
    } finally {
      Date.now = realNow;
    }
  },
};

async function answer(request, asked, env, context) {
  const until = new Date(Date.now() + Number(asked.seconds ?? 3600) * 1000);
  if (asked.revoke) return (await kvRevocations(env.KV).revoke(asked.revoke, until)) ?? {};
  if (asked.revokeUser) {
    return (await kvRevocations(env.KV).revokeUser(asked.revokeUser, new Date(asked.issuedBefore), until)) ?? {};
  }
  const hanko = createHanko(optionsFor(asked, env));
  const { status, code, stale } = await hanko.authenticate(request, { waitUntil: (work) => context.waitUntil(work) });
  return { status, code, stale };
}

/** Made anew for each request, as users of Workers do. */
function optionsFor({ apiUrl, store, list, fault }, env) {
  const kv = fault ? faulty(fault, ["get", "put"]) : env.KV;
  const cache = fault ? faulty(fault, ["match", "put"]) : caches.default;
  const keyStore = store === "kv" ? kvKeyStore(kv) : store === "cache" ? cacheKeyStore(cache) : undefined;
  const revocations = list === "kv" ? kvRevocations(kv) : undefined;
  return { apiUrl, mode: "local", timeout: DEADLINE_MS, fetch: env.HANKO, cacheSize: 0, keyStore, revocations };
}
