// The life of the core's instance, as no caller sees it: when it ends, what starts the next one, and what it holds meanwhile.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { fresh } from "../time/support/fresh.mjs";

const require = createRequire(import.meta.url);
const bytes = readFileSync(fileURLToPath(import.meta.resolve("hanko-edge/core.wasm")));
const options = { apiUrl: "https://instance.hanko.test", mode: "local" };

/** The package as nobody has used it yet, started, with what only its own files see. */
async function started() {
  const { init, createHanko } = fresh("hanko-edge/slim");
  await init(bytes);
  const core = require(fileURLToPath(new URL("../../node_modules/hanko-edge/dist/core.cjs", import.meta.url)));
  const running = () => core.instance(() => assert.fail("the module is kept"));
  const trap = (instance) => {
    const unreachable = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    assert.throws(() => core.guard(instance, unreachable), { code: "internal_error" });
  };
  return { createHanko, running, trap };
}

test("a core that has run is kept where a start fails: the next one may have the memory", async () => {
  const { createHanko, running, trap } = await started();
  trap(running());
  const { Instance } = WebAssembly;
  WebAssembly.Instance = function () {
    throw new RangeError("out of memory");
  };
  try {
    assert.throws(() => createHanko(options), { code: "internal_error" });
  } finally {
    WebAssembly.Instance = Instance;
  }
  createHanko(options);
});

test("where a host takes WebAssembly away after a trap, authenticate throws that as misuse", async () => {
  const { createHanko, running, trap } = await started();
  const hanko = createHanko({ ...options, fetch: () => assert.fail("no request is due") });
  const { Instance } = WebAssembly;
  for (const input of ["a.b.c", new Headers({ authorization: "Bearer a.b.c" })]) {
    trap(running());
    WebAssembly.Instance = function () {
      throw new WebAssembly.CompileError("unsafe-eval");
    };
    try {
      await assert.rejects(hanko.authenticate(input), { code: "wasm_blocked", kind: "misuse" });
    } finally {
      WebAssembly.Instance = Instance;
    }
    assert.equal((await hanko.authenticate(input)).code, "token_malformed");
  }
});

test("a core that traps before it waits for anything is told at once", async () => {
  const { createHanko, running } = await started();
  const hanko = createHanko({ ...options, fetch: () => assert.fail("no request is due") });
  const reload_keys = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  running().glue = { ...running().glue, reload_keys };
  await assert.rejects(hanko.reloadKeys(), { code: "internal_error" });
});

test("what is left of a dead instance ends no other", async () => {
  const { running, trap } = await started();
  const dead = running();
  trap(dead);
  const next = running();
  assert.notEqual(next, dead);
  trap(dead);
  assert.equal(running(), next);
});

test("a call is held for 40 s: its host may have ended it with the request", async (context) => {
  const { createHanko, running } = await started();
  let now = 0;
  context.mock.method(performance, "now", () => now);
  const ending = new AbortController();
  const hanko = createHanko({ ...options, fetch: () => new Promise(() => {}) });
  const calls = [];
  const held = [];
  for (now of [0, 39_999, 40_000, 79_999]) {
    calls.push(hanko.reloadKeys({ signal: ending.signal }).catch(() => undefined));
    await new Promise((resolve) => setImmediate(resolve));
    held.push(running().pending.size);
  }
  ending.abort();
  await Promise.all(calls);
  assert.deepEqual(held, [1, 2, 2, 2]);
  assert.equal(running().pending.size, 0);
});

test("equal options are told once, and those of a hundred clients are remembered", async () => {
  const { createHanko, running } = await started();
  const { configured, glue } = running();
  let told = 0;
  running().glue = { ...glue, configure: (given) => ((told += 1), glue.configure(given)) };
  for (let count = 1; count <= 250; count++) {
    for (let time = 0; time < 2; time++) createHanko({ ...options, audience: [`${count}`] });
    assert.deepEqual([configured.size, told], [((count - 1) % 100) + 1, count]);
  }
});
