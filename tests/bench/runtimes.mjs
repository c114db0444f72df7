/** The same measurement in three runtimes. */
import { readFile } from "node:fs/promises";

import { Miniflare } from "miniflare";
import { compatibilityDate } from "workerd";

import { open } from "../browsers.mjs";
import { bundle } from "../conformance/bundle.mjs";
import { servePage } from "../conformance/serve-page.mjs";
import { measure } from "./figures.mjs";

const SCRIPT_TIMEOUT = 15 * 60_000;

/** By name: runs a job of `figures.mjs`. */
export const RUNTIMES = { node: measure, workerd: measureInWorkerd, chromium: measureInChromium };

async function measureInWorkerd(job) {
  const entry = new URL("worker.mjs", import.meta.url).href;
  const script = await bundle(entry, { flavour: "static", conditions: ["workerd"], external: ["*?module"] });
  const wasm = await readFile(new URL(import.meta.resolve("hanko-edge/core.wasm")));
  const worker = new Miniflare({
    compatibilityDate,
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: script },
      { type: "CompiledWasm", path: "core.wasm?module", contents: wasm },
    ],
  });
  try {
    const response = await worker.dispatchFetch("https://worker.example/", {
      method: "POST",
      body: JSON.stringify(job),
    });
    if (!response.ok) throw new Error(await response.text());
    return await response.json();
  } finally {
    await worker.dispose();
  }
}

async function measureInChromium(job) {
  const page = await servePage(await bundle(new URL("page.mjs", import.meta.url).href, { flavour: "inline" }));
  const browser = await open("chromium");
  try {
    await browser.driver.manage().setTimeouts({ script: SCRIPT_TIMEOUT });
    await browser.driver.get(page.url);
    const { measured, error } = await browser.driver.executeAsyncScript(
      "globalThis.measure(arguments[0]).then(arguments[1])",
      job,
    );
    if (error) throw new Error(error);
    return measured;
  } finally {
    await browser.close();
    await page.close();
  }
}
