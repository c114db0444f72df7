import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { serve } from "../../www/serve.mjs";
import { open, reasonMissing } from "../browsers.mjs";
import { Page } from "./page.mjs";

const TITLES = { chromium: "Chromium", firefox: "Firefox" };

/**
 * Describes the same tests in each browser, and after them that nothing was complained of in the console. A browser that is
 * not there is skipped, under `CI=true` it fails.
 *
 * @param {string} title
 * @param {number} timeout of all of it, in milliseconds
 * @param {(there: { demo?: { url: string }, opened?: object, page?: Page }) => void} tests `there` is filled when they run
 * @param {() => Promise<{ url: string, stop: () => Promise<void> }>} [start] default: the demo with its own test server
 */
export function inBrowsers(title, timeout, tests, start = () => serve()) {
  for (const [browser, name] of Object.entries(TITLES)) {
    const reason = reasonMissing(browser);
    const skip = process.env.CI === "true" ? false : (reason ?? false);
    describe(`${title}, in ${name}`, { skip, timeout }, () => {
      const there = {};
      before(async () => {
        assert.equal(reason, undefined);
        there.demo = await start();
        there.opened = await open(browser, { listening: true });
        there.page = new Page(there.opened.driver, there.demo.url);
      });
      after(async () => {
        await there.opened?.close();
        await there.demo?.stop();
      });
      tests(there);
      test("nothing was complained of in the console", async () => {
        assert.deepEqual(await there.opened.complaints(), []);
      });
    });
  }
}
