// One isolate: asks who sent the request, with the store and the list that the query names; or receives a webhook.
import { createHanko } from "hanko-edge";
import { cacheKeyStore, kvKeyStore, kvRevocations } from "hanko-edge/stores";
import { webhookRoute } from "hanko-edge/webhooks";

import { DEADLINE_MS, faulty } from "./faults.mjs";

const realNow = Date.now;
/** Names of events that this isolate was told of. */
const told = [];

async function onEvent({ event, data }) {
  if (data.slowMs) await new Promise((resolve) => setTimeout(resolve, data.slowMs));
  told.push(event);
}

export default {
  async fetch(request, env, context) {
    const asked = Object.fromEntries(new URL(request.url).searchParams);
    Date.now = () => realNow() + Number(asked.shift ?? 0);
    try {
      if (asked.hook) return await receive(request, asked, env, context);
      return Response.json(await answer(request, asked, env, context));
    } finally {
      Date.now = realNow;
    }
  },
};

/** Made anew for each request, as users of Workers do. */
function receive(request, asked, env, context) {
  const hanko = createHanko(optionsFor(asked, env));
  const kv = asked.fault ? faulty(asked.fault, ["get", "put"]) : env.KV;
  return webhookRoute(hanko, { revocations: kvRevocations(kv), onEvent })(request, context);
}

async function answer(request, asked, env, context) {
  if (asked.told) return told;
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
