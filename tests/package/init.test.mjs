// What `init` makes of a source that is none, and that a failed attempt may be repeated.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";

import { createTestHanko } from "hanko-edge/testing";

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

const NO_MODULE = "what came is no WebAssembly module: is it hanko-edge/core.wasm?";
const OTHER_BYTES = "the source must be the bytes of hanko-edge/core.wasm";
const NOT_STARTED = "the WebAssembly core could not be started: is it that of this build?";
const NOT_FETCHED = "the WebAssembly module could not be fetched";
const NO_SOURCE = "the source must be a WebAssembly.Module, bytes, a Response or a URL";

/** By name: the source, and the code and the message of what `init` rejects with. */
const FAILURES = {
  "a fetch that fails": [() => fetch(closed), "network_error", NOT_FETCHED],
  "an address that nobody listens to": [() => closed, "network_error", NOT_FETCHED],
  "a page in the module's place": [html, "response_invalid", NO_MODULE],
  "a status that is no success": [
    () => new Response(core, { status: 404 }),
    "response_invalid",
    "the WebAssembly module's server answered 404",
  ],
  "a Response that was read": [read, "argument_invalid", "the source must be a Response whose body nobody has read"],
  "bytes of something else": [() => new TextEncoder().encode("text"), "argument_invalid", OTHER_BYTES],
  "a buffer of something else": [() => new ArrayBuffer(8), "argument_invalid", OTHER_BYTES],
  "half of the module": [() => core.subarray(0, core.length / 2), "argument_invalid", OTHER_BYTES],
  "bytes of another module": [() => another, "internal_error", NOT_STARTED],
  "the core of another build": [() => importingFrom("another build", core), "internal_error", NOT_STARTED],
  "another module": [() => new WebAssembly.Module(another), "internal_error", NOT_STARTED],
  "a number": [() => 7, "argument_invalid", NO_SOURCE],
  null: [() => null, "argument_invalid", NO_SOURCE],
  "an object with the address of the core": [
    () => ({ href: closed, toString: () => closed }),
    "argument_invalid",
    NO_SOURCE,
  ],
};

for (const [what, [source, code, message]] of Object.entries(FAILURES)) {
  test(`${what} is ${code}, and the next attempt may succeed`, async () => {
    for (const entry of ["hanko-edge/slim", "hanko-edge"]) {
      const { init, createHanko, HankoError } = fresh(entry);
      await assert.rejects(init(source()), (error) => {
        assert.ok(error instanceof HankoError, String(error));
        const kind = code === "argument_invalid" ? "misuse" : "unavailable";
        assert.deepEqual([error.code, error.kind, error.message], [code, kind, message]);
        assert.equal(error.status, message.endsWith("404") ? 404 : undefined);
        return true;
      });
      if (entry === "hanko-edge/slim") await init(core);
      createHanko({ apiUrl: "https://init.hanko.test" });
    }
  });
}

test("where a host forbids to compile it is wasm_blocked, and where bytes are no module they are at fault", async () => {
  const { compile, Module } = WebAssembly;
  try {
    for (const [thrown, code] of [
      [new WebAssembly.CompileError("forbidden"), "wasm_blocked"],
      [new RangeError("out of memory"), "internal_error"],
    ]) {
      WebAssembly.compile = () => Promise.reject(thrown);
      for (const source of [core, new Response(core)])
        await assert.rejects(fresh("hanko-edge/slim").init(source), { code });
      WebAssembly.Module = function () {
        throw thrown;
      };
      assert.throws(() => fresh("hanko-edge").createHanko({ apiUrl: "https://init.hanko.test" }), { code });
      WebAssembly.Module = Module;
      await assert.rejects(fresh("hanko-edge/slim").init(core.subarray(1)), { code: "argument_invalid" });
    }
  } finally {
    Object.assign(WebAssembly, { compile, Module });
  }
});

test("a module that is given is ready at once, before anything is awaited", async () => {
  const { init, createHanko } = fresh("hanko-edge/slim");
  const starting = init(new WebAssembly.Module(core));
  createHanko({ apiUrl: "https://init.hanko.test" });
  await starting;
});

test("what init is given may be of another realm, by its tag; or of this one, without a tag", async () => {
  const answered = () => new Response(core);
  const tagged = (value, tag) => Object.defineProperty(value, Symbol.toStringTag, { value: tag });
  const { fetch } = globalThis;
  const address = "https://core.hanko.test/core.wasm";
  globalThis.fetch = async (url) => (String(url) === address ? answered() : assert.fail(String(url)));
  const elsewhere = (script) => runInNewContext(script, { core });
  try {
    for (const source of [
      elsewhere("new WebAssembly.Module(core)"),
      elsewhere("Uint8Array.from(core)"),
      elsewhere("Uint8Array.from(core).buffer"),
      tagged({ ok: true, arrayBuffer: async () => core }, "Response"),
      tagged({ toString: () => address }, "URL"),
      tagged(new URL(address), "Object"),
    ]) {
      const { init, createHanko } = fresh("hanko-edge/slim");
      await init(source);
      createHanko({ apiUrl: "https://init.hanko.test" });
    }
  } finally {
    globalThis.fetch = fetch;
  }
});

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
    await assert.rejects(init(), {
      code: "argument_invalid",
      message: /^the source must be given: hanko-edge\/slim has /,
    });
    assert.throws(() => createHanko({ apiUrl: "https://init.hanko.test" }), {
      code: "not_ready",
      message: /^hanko-edge\/slim needs await init\(source\)/,
    });
  }
  await init(core);
  await init();
  await init(another);
  createHanko({ apiUrl: "https://init.hanko.test" });
});

test("hanko-edge/slim gives what hanko-edge gives", async () => {
  const server = await createTestHanko();
  const { token } = await server.createSession((await server.createUser()).user_id);
  const [whole, slim] = ["hanko-edge", "hanko-edge/slim"].map((entry) => fresh(entry));
  await slim.init(core);
  const given = ({ decodeToken, readToken, deletionCookie, previewMetadataPatch }) => [
    decodeToken(token),
    readToken(new Headers({ authorization: `Bearer ${token}` })),
    deletionCookie({ cookieName: "other" }),
    previewMetadataPatch({ a: 1 }, { b: 2 }),
  ];
  assert.deepEqual(given(slim), given(whole));
  const [{ header }, read, cookie, { metadata }] = given(slim);
  assert.deepEqual([header.alg, read], ["RS256", { token, source: "authorization" }]);
  assert.match(cookie, /^other=;/);
  assert.deepEqual(metadata, { a: 1, b: 2 });
});
