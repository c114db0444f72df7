// The edge flavour, whose module comes compiled: bundled as for workerd, each time as nobody has used it yet.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";

import { build } from "esbuild";
import { createTestHanko } from "hanko-edge/testing";

const bytes = readFileSync(fileURLToPath(import.meta.resolve("hanko-edge/core.wasm")));
const core = new WebAssembly.Module(bytes);
/** The smallest module: the magic number and the version (WebAssembly core specification, section 5.5.16). */
const another = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
const options = { apiUrl: "https://compiled.hanko.test" };

const server = await createTestHanko();
const { token } = await server.createSession((await server.createUser()).user_id);
const { outputFiles } = await build({
  stdin: {
    contents: `export * from "hanko-edge"; export { createAdmin } from "hanko-edge/admin";`,
    resolveDir: fileURLToPath(new URL(".", import.meta.url)),
  },
  bundle: true,
  format: "cjs",
  platform: "neutral",
  conditions: ["workerd"],
  write: false,
  plugins: [
    {
      name: "compiled",
      setup(build) {
        build.onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "compiled" }));
        build.onLoad({ filter: /./, namespace: "compiled" }, () => ({ contents: "export default compiled();" }));
      },
    },
  ],
});

/** The package with what its bundler has for the module. */
function fresh(module = core) {
  const made = { exports: {} };
  new Function("module", "compiled", outputFiles[0].text)(made, () => module);
  return made.exports;
}

test("nothing is compiled: the module that came with the bundle starts at the first use, or at init", async () => {
  const { Module, compile } = WebAssembly;
  WebAssembly.Module = WebAssembly.compile = () => assert.fail("compiled");
  try {
    const uses = [
      ({ createHanko }) => createHanko(options),
      ({ createAdmin }) => createAdmin(options),
      ({ deletionCookie }) => deletionCookie(),
      ({ previewMetadataPatch }) => previewMetadataPatch({}, {}),
      ({ readToken }) => readToken(new Headers({ authorization: "Bearer a.b.c" })),
      ({ decodeToken }) => decodeToken(token),
      ({ init }) => init(),
      ({ init }) => init(undefined),
    ];
    for (const use of uses) await use(fresh());
    for (const use of uses) await assert.rejects(async () => use(fresh(another)), { code: "internal_error" });
  } finally {
    Object.assign(WebAssembly, { Module, compile });
  }
});

test("init takes a module or the promise of one, of whatever realm, in the bundled one's place", async () => {
  const elsewhere = runInNewContext("new WebAssembly.Module(bytes)", { bytes });
  for (const source of [core, Promise.resolve(core), elsewhere]) {
    const { init, createHanko } = fresh(another);
    await init(source);
    createHanko(options);
  }
});

test("what is no module is refused, and the next attempt may succeed", async () => {
  const must = { code: "argument_invalid", message: "the source must be a WebAssembly.Module" };
  for (const [source, expected] of [
    ...[7, null, "x", bytes, bytes.buffer, new Response(bytes), new URL(options.apiUrl), {}].map((one) => [one, must]),
    [another, { code: "internal_error" }],
    [Promise.reject(new Error("lost")), { code: "network_error", message: /could not be fetched$/ }],
  ]) {
    const { init, createHanko, HankoError } = fresh();
    await assert.rejects(init(source), { ...expected, name: "HankoError", constructor: HankoError });
    createHanko(options);
  }
});
