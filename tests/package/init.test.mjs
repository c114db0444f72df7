// What `init` makes of a source that is none, and that a failed attempt may be repeated.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { importingFrom } from "../../scripts/sections.mjs";
import { fresh } from "../time/support/fresh.mjs";

const core = readFileSync(fileURLToPath(import.meta.resolve("hanko-edge/core.wasm")));
/** The smallest module: the magic number and the version (WebAssembly core specification, section 5.5.16). */
const another = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const closed = "http://127.0.0.1:1/core.wasm";
const html = () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } });

async function read() {
  const response = new Response(core);
  await response.arrayBuffer();
  return response;
}

const FAILURES = {
  "a fetch that fails": [() => fetch(closed), "network_error"],
  "an address that nobody listens to": [() => closed, "network_error"],
  "a page in the module's place": [html, "response_invalid"],
  "a status that is no success": [() => new Response(core, { status: 404 }), "response_invalid"],
  "a Response that was read": [read, "argument_invalid"],
  "bytes of something else": [() => new TextEncoder().encode("text"), "argument_invalid"],
  "half of the module": [() => core.subarray(0, core.length / 2), "argument_invalid"],
  "bytes of another module": [() => another, "internal_error"],
  "the core of another build": [() => importingFrom("another build", core), "internal_error"],
  "another module": [() => new WebAssembly.Module(another), "internal_error"],
};

for (const [what, [source, code]] of Object.entries(FAILURES)) {
  test(`${what} is ${code}, and the next attempt may succeed`, async () => {
    for (const entry of ["hanko-edge/slim", "hanko-edge"]) {
      const { init, createHanko, HankoError } = fresh(entry);
      await assert.rejects(init(source()), (error) => {
        assert.ok(error instanceof HankoError, String(error));
        assert.equal(error.code, code, error.message);
        return true;
      });
      if (entry === "hanko-edge/slim") await init(core);
      createHanko({ apiUrl: "https://init.hanko.test" });
    }
  });
}

test("the core comes by its address, a fetch of it, its bytes or as a module, given or promised", async () => {
  const server = createServer((_, response) => response.setHeader("content-type", "application/wasm").end(core));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${server.address().port}/core.wasm`;
  try {
    const sources = [url, new URL(url), await fetch(url), core, Uint8Array.from(core).buffer];
    for (const source of [...sources, new WebAssembly.Module(core), fetch(url), WebAssembly.compile(core)]) {
      const { init, createHanko, decodeToken } = fresh("hanko-edge/slim");
      assert.throws(() => createHanko({ apiUrl: "https://init.hanko.test" }), { code: "not_ready" });
      await init(source);
      assert.throws(() => decodeToken("x"), { code: "token_malformed" });
      await init();
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test("a download that is cut is network_error", async () => {
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-length": core.length });
    response.write(core.subarray(0, 1000), () => response.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${server.address().port}/core.wasm`;
  try {
    for (const source of [url, await fetch(url)])
      await assert.rejects(fresh("hanko-edge/slim").init(source), { code: "network_error" });
  } finally {
    server.close();
  }
});

test("hanko-edge/slim has no module of its own, and keeps the first that starts", async () => {
  const { init, createHanko } = fresh("hanko-edge/slim");
  for (let time = 0; time < 2; time++) {
    await assert.rejects(init(), { code: "argument_invalid" });
    assert.throws(() => createHanko({ apiUrl: "https://init.hanko.test" }), { code: "not_ready" });
  }
  await init(core);
  await init();
  await init(another);
  createHanko({ apiUrl: "https://init.hanko.test" });
});
