// Two isolates in real workerd over one KV namespace and one cache, and the Hanko servers they ask.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { createTestHanko } from "hanko-edge/testing";
import { Miniflare, Response as WorkerResponse } from "miniflare";

const NAMES = ["one", "two", "three"];

/**
 * Starts the isolates `one`, `two` and `three`.
 *
 * @returns {Promise<{ ask: Function, deliver: Function, kv: Function, signedIn: Function, keyFetches: Function, stop: () => Promise<void> }>}
 */
export async function startIsolates() {
  const servers = new Map();
  const modules = await workerModules();
  const serve = async (request) => passOn(servers.get(new URL(request.url).origin), request);
  const miniflare = new Miniflare({
    workers: NAMES.map((name) => ({
      name,
      compatibilityDate: "2026-04-01",
      modules,
      kvNamespaces: { KV: "shared" },
      serviceBindings: { HANKO: serve },
    })),
  });
  await miniflare.ready;
  return {
    /** Asks one isolate; `query` as worker.mjs reads it. */
    async ask(name, { hanko, token }, query = {}) {
      const isolate = await miniflare.getWorker(name);
      const search = new URLSearchParams({ apiUrl: hanko.apiUrl, ...query });
      const response = await isolate.fetch(`https://isolate.example/?${search}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    },
    /** Delivers a webhook to one isolate, as Hanko does; the answer's status. */
    async deliver(name, { hanko }, webhook, query = {}) {
      const isolate = await miniflare.getWorker(name);
      const search = new URLSearchParams({ apiUrl: hanko.apiUrl, hook: true, ...query });
      const headers = { "content-type": "application/json", "user-agent": "Go-http-client/1.1" };
      const init = { method: "POST", headers, body: JSON.stringify(webhook) };
      return (await isolate.fetch(`https://isolate.example/?${search}`, init)).status;
    },
    kv: () => miniflare.getKVNamespace("KV", "one"),
    /** A server of its own, whose keys no isolate has seen, and a person signed in there. */
    async signedIn() {
      const hanko = await createTestHanko();
      servers.set(hanko.apiUrl, hanko);
      const { user_id: userId } = await hanko.createUser();
      return { hanko, userId, ...(await hanko.createSession(userId)) };
    },
    stop: () => miniflare.dispose(),
  };
}

/** How often the key document has been asked for. */
export function keyFetches({ hanko }) {
  return hanko.requests.filter(({ path }) => path.startsWith("/.well-known/jwks.json")).length;
}

async function workerModules() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("worker.mjs", import.meta.url))],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
    conditions: ["workerd"],
    external: ["*?module"],
  });
  const wasm = await readFile(new URL(import.meta.resolve("hanko-edge/core.wasm")));
  return [
    { type: "ESModule", path: "worker.mjs", contents: outputFiles[0].text },
    { type: "CompiledWasm", path: "core.wasm?module", contents: wasm },
  ];
}

/** miniflare's Request and Response are not Node's. */
async function passOn(hanko, request) {
  const { method, headers } = request;
  const body = ["GET", "HEAD"].includes(method) ? undefined : await request.text();
  const response = await hanko.fetch(request.url, { method, headers: Object.fromEntries(headers), body });
  return new WorkerResponse(await response.text(), {
    status: response.status,
    headers: Object.fromEntries(response.headers),
  });
}
