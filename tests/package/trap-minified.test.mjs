/** A trap hurts one call alone in a user's bundle too, where a minifier has changed the text of every function. Runs target/pkg-trap. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";

const dist = fileURLToPath(new URL("../../target/pkg-trap/dist", import.meta.url));
const vectors = JSON.parse(
  readFileSync(new URL("../vectors/attack-tokens/attack_tokens.json", import.meta.url), "utf8"),
);
const [one, other] = vectors.cases.filter(({ cat, jwks }) => cat === "control" && !jwks);

const realNow = Date.now;
Date.now = () => vectors.now * 1000;
test.after(() => (Date.now = realNow));

const unexpected = [];
for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, (error) => unexpected.push(error));

test("in a minified bundle the call that trapped is internal_error, and the next one is right", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hanko-edge-minified-"));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, "bundle.mjs");
  const contents = 'export { createHanko } from "./index.js"; export { instance } from "./core.js";';
  await build({ stdin: { contents, resolveDir: dist }, bundle: true, minify: true, format: "esm", outfile });
  const { createHanko, instance } = await import(pathToFileURL(outfile));
  const fetch = async () => new Response(JSON.stringify(vectors.jwks));
  const hanko = createHanko({ apiUrl: "https://minified.hanko.test", mode: "local", fetch });
  const settled = (call) => Promise.race([call, new Promise((resolve) => setTimeout(resolve, 5000, "never settles"))]);
  for (const kind of ["panic", "memory", "stack"]) {
    assert.equal((await hanko.authenticate(one.token)).status, "signed-in");
    instance(() => assert.fail("the module is kept")).glue.trap_next_poll(kind);
    const { code } = await settled(hanko.reloadKeys().catch((error) => error));
    assert.equal(code, "internal_error", kind);
    assert.equal((await hanko.authenticate(other.token)).status, "signed-in");
  }
  assert.deepEqual(unexpected, []);
});
