// A page with a Content-Security-Policy: what its script-src must allow, and what is said where it does not.
import assert from "node:assert/strict";
import { test } from "node:test";

import { build } from "esbuild";

import { open, reasonMissing } from "../browsers.mjs";
import { servePage } from "../conformance/serve-page.mjs";
import { root } from "./tarball.mjs";

const SCRIPT = `
  import { createHanko } from "hanko-edge";
  try {
    createHanko({ apiUrl: "https://auth.example.com" });
    globalThis.said = ["works"];
  } catch ({ code, message }) {
    globalThis.said = [code, message];
  }`;

const skip = process.env.CI !== "true" && reasonMissing("chromium");
if (skip) console.log(`skipped: Content-Security-Policy: ${skip}`);

async function bundled() {
  const stdin = { contents: SCRIPT, resolveDir: root };
  const { outputFiles } = await build({ stdin, bundle: true, format: "esm", target: "es2022", write: false });
  return outputFiles[0].text;
}

test("the core needs 'wasm-unsafe-eval' and no more; without it the error names it", { skip }, async () => {
  const script = await bundled();
  const { driver, close } = await open("chromium");
  try {
    for (const [allowed, code] of [
      ["'self'", "wasm_blocked"],
      ["'self' 'wasm-unsafe-eval'", "works"],
    ]) {
      const policy = `default-src 'none'; script-src ${allowed}`;
      const page = await servePage(script, `<meta http-equiv="Content-Security-Policy" content="${policy}">`);
      try {
        await driver.get(page.url);
        const said = await driver.wait(() => driver.executeScript("return globalThis.said"), 10_000);
        assert.equal(said[0], code, allowed);
        if (code === "wasm_blocked") assert.match(said[1], /'wasm-unsafe-eval' in its script-src/);
      } finally {
        await page.close();
      }
    }
  } finally {
    await close();
  }
});
