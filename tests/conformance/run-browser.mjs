// Runs the conformance suite in the browser that the first argument names: chromium, firefox or webkit.
import { open } from "../browsers.mjs";
import { bundle } from "./bundle.mjs";
import { report } from "./report.mjs";
import { servePage } from "./serve-page.mjs";

/** Milliseconds for the page's script to run: under load WebKit's driver is back before it has. */
const SCRIPT_RUNS_WITHIN = 30_000;

const runtime = process.argv[2];
const page = await servePage(await bundle("page.mjs", { flavour: "inline" }));
try {
  const browser = await open(runtime);
  try {
    await browser.driver.manage().setTimeouts({ script: 240_000 });
    await browser.driver.get(`${page.url}?runtime=${runtime}`);
    const runs = () => browser.driver.executeScript("return globalThis.conformance !== undefined");
    await browser.driver.wait(runs, SCRIPT_RUNS_WITHIN, "the page's script did not run");
    report(await browser.driver.executeAsyncScript("globalThis.conformance.then(arguments[0])"));
  } finally {
    await browser.close();
  }
} finally {
  await page.close();
}
