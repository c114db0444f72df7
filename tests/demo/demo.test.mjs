import assert from "node:assert/strict";
import { test } from "node:test";

import { Key } from "selenium-webdriver";

import { serve } from "../../www/serve.mjs";
import { inBrowsers } from "./in-browsers.mjs";
import { Page, SIGNED_IN, STALE } from "./page.mjs";

const UNAVAILABLE_CODES = {
  "Database away": "server_error",
  "Connection refused": "network_error",
  Slow: "request_timeout",
  "HTML, not JSON": "response_invalid",
  "Error 500": "server_error",
};

const SAMPLES = {
  good: ["Readable, and true", undefined],
  expired: ["Readable, but not to be believed", "token_expired"],
  altered: ["Readable, but not to be believed", "signature_invalid"],
  unsigned: ["Readable, but not to be believed", "alg_not_allowed"],
};

inBrowsers("the demo", 240_000, (there) => {
  test("signs a person in: name, claims, and all three modes", async () => {
    await there.page.visit();
    await there.page.signIn("Mira Okafor");
    assert.equal(await there.page.text("#person .name"), "Mira Okafor");
    const person = await there.page.text("#person");
    for (const claim of ["subject", "session_id", "expiration", "mira@example.com"]) {
      assert.ok(person.includes(claim), claim);
    }
    assert.match(await there.page.text('.verdict[data-mode="remote"] .rows'), /POST \/sessions\/validate\s+200/);
    const howHybrid = () => there.page.text('.verdict[data-mode="hybrid"] .answer .label');
    assert.match(await howHybrid(), /asking Hanko$/);
    await there.page.becomes(true, async () => {
      await there.page.askAgain();
      return (await howHybrid()).endsWith("asking nobody");
    });
    await there.page.press("Sign out here");
    await there.page.shows({ local: "Signed out token_missing", hybrid: "Signed out token_missing" });
  });

  test("a session revoked elsewhere: remote sees it at once, hybrid soon, local never", async () => {
    await there.page.visit();
    await there.page.signIn("Jonas Lindqvist");
    await there.page.press("Revoke it elsewhere");
    const ended = "Signed out session_ended";
    await there.page.shows({ ...SIGNED_IN, remote: ended });
    assert.equal(await there.page.text("#person .name"), "Jonas Lindqvist");
    await there.page.comesToShow({ local: SIGNED_IN.local, remote: ended, hybrid: ended });
    assert.equal(await there.page.isShown("#sign-in"), true);
    await there.page.signIn("Mira Okafor");
    assert.equal(await there.page.text("#person .name"), "Mira Okafor");
  });

  for (const [failure, code] of Object.entries(UNAVAILABLE_CODES)) {
    test(`${failure}: remote does not know, hybrid goes on, nobody is signed out`, async () => {
      await there.page.visit();
      await there.page.signIn("Mira Okafor");
      await there.page.press(failure);
      const unknown = `Not known right now ${code}`;
      await there.page.shows({ ...SIGNED_IN, remote: unknown });
      await there.page.comesToShow({ local: SIGNED_IN.local, remote: unknown, hybrid: STALE });
      assert.equal(await there.page.text("#person .name"), "Mira Okafor");
      assert.match(await there.page.text("#person .notice"), /^Still signed in/);
      assert.equal(await there.page.isShown("#sign-in"), false);
      await there.page.press("Well");
      await there.page.shows(SIGNED_IN);
    });
  }

  test("an outage longer than outageGrace: hybrid does not know either, who it was stays, and all heals", async (t) => {
    const impatient = await serve({ outageGrace: 4 });
    t.after(() => impatient.stop());
    const page = new Page(there.opened.driver, impatient.url);
    await page.visit();
    await page.signIn("Mira Okafor");
    await page.press("Database away");
    await page.comesToShow({ hybrid: STALE });
    const unknown = "Not known right now server_error";
    await page.comesToShow({ local: SIGNED_IN.local, remote: unknown, hybrid: unknown });
    await page.driver.navigate().refresh();
    await page.shows({ local: SIGNED_IN.local, remote: unknown, hybrid: unknown });
    assert.equal(await page.text("#person .name"), "Mira Okafor");
    assert.match(await page.text("#person .notice"), /^Not signed out/);
    assert.equal(await page.isShown("#sign-in"), false);
    await page.press("Well");
    await page.shows(SIGNED_IN);
  });

  test("reads a pasted token, and says what is wrong with it", async () => {
    await there.page.visit();
    const outcome = async () => [
      await there.page.text("#reading .word"),
      await there.page.text("#reading .reason code"),
    ];
    await there.page.type("token", "not.a.token");
    await there.page.press("Read it");
    await there.page.becomes(["Cannot be read", "token_malformed"], outcome);
    for (const [sample, expected] of Object.entries(SAMPLES)) {
      await there.page.press(sample);
      await there.page.becomes(
        expected.map((text) => text ?? null),
        outcome,
      );
      assert.match(await there.page.text("#reading .parts"), /"alg": "(RS256|none)"[^]*session_id[^]*"sub": "/);
    }
  });

  test("signs in by keyboard alone, and the focus can be seen", async () => {
    await there.page.visit();
    const focused = () => there.page.driver.executeScript("return document.activeElement.textContent");
    for (let tabs = 0; tabs < 20 && (await focused()) !== "Mira Okafor"; tabs++) await press(there.page, Key.TAB);
    assert.equal(await focused(), "Mira Okafor");
    const outline = "return getComputedStyle(document.activeElement).outlineStyle";
    assert.equal(await there.page.driver.executeScript(outline), "solid");
    await press(there.page, Key.ENTER);
    await there.page.shows(SIGNED_IN);
    await there.page.becomes("person", () => there.page.driver.executeScript("return document.activeElement.id"));
  });

  test("fits a window of 360 pixels", async () => {
    await there.page.visit();
    await there.page.setViewport(360, 740);
    await there.page.signIn("Mira Okafor");
    await there.page.press("Connection refused");
    await there.page.shows({ remote: "Not known right now network_error" });
    await there.page.press("altered");
    await there.page.becomes("signature_invalid", () => there.page.text("#reading .reason code"));
    assert.equal(await there.page.driver.executeScript("return window.innerWidth"), 360);
    assert.equal(await there.page.overflow(), 0);
  });
});

function press(page, key) {
  return page.driver.actions().sendKeys(key).perform();
}
