// The person as Hanko knows them, what they keep, what gets lost on the way, and a webhook.
import assert from "node:assert/strict";
import { test } from "node:test";

import { inBrowsers } from "./in-browsers.mjs";
import { SIGNED_IN } from "./page.mjs";

const FLOW = ["POST /profile", "POST /profile register_client_capabilities"];
const PATCH = "POST /profile patch_metadata";
const READ = "GET /me";

/** What was pressed, what the page says then, and what it took. */
const LOSSES = {
  "All arrives": { word: "Stored", code: null, asked: [...FLOW, `${PATCH} 200`] },
  "Answer lost": { word: "Stored", code: null, asked: [...FLOW, `${PATCH} no answer`, `${PATCH} 403`, `${READ} 200`] },
  "Request lost": { word: "Stored", code: null, asked: [...FLOW, `${PATCH} no answer`, `${PATCH} 200`] },
  "All answers lost": {
    word: "Not known whether it was stored",
    code: "outcome_unknown",
    asked: [...FLOW, `${PATCH} no answer`, `${PATCH} no answer`, `${READ} no answer`],
  },
};

inBrowsers("the person and what they keep", 240_000, (there) => {
  /** Signs in at a clean page, whose profile is there. */
  async function arrive(name) {
    await there.page.visit();
    await there.page.signIn(name);
    await there.page.becomes(name, () => there.page.text("#profile .name"));
  }

  const clear = async () => {
    await there.page.press("All arrives");
    await there.page.press("Clear all");
    await there.page.becomes("Cleared", () => there.page.text("#saved .word"));
    await unsafeBecomes({});
  };
  const result = () => there.page.text("#result").then(JSON.parse);
  const left = () => there.page.text("#left");
  const unsafe = () => there.page.text("#profile").then((text) => JSON.parse(text.match(/unsafe\s+(\{.*\})/)[1]));
  const unsafeBecomes = (expected) => there.page.becomes(expected, unsafe);
  const fault = async () => ((await there.page.isShown("#patch-error")) ? there.page.text("#patch-error") : null);
  const outcome = async () => [
    await there.page.text("#saved .word"),
    (await there.page.text("#saved .reason code")) ?? null,
  ];
  const asked = () =>
    there.page.driver.executeScript(
      `return [...document.querySelectorAll("#saved .rows li")].map((row) => [...row.children].map((each) => each.innerText).join(" "))`,
    );

  test("the profile is what Hanko tells of this person", async () => {
    await there.page.visit();
    assert.equal(await there.page.isShown("#keeping"), false);
    await arrive("Jonas Lindqvist");
    const profile = await there.page.text("#profile");
    for (const part of ["user_id", "jonas@example.com primary, verified", "created_at", '{"plan":"team"}']) {
      assert.ok(profile.includes(part), part);
    }
    assert.deepEqual(
      await result(),
      { theme: "dark", seen: ["welcome"] },
      "what is stored, under the patch in the field",
    );
    assert.equal((await there.page.text("#person")).includes(profile.match(/user_id\s+(\S+)/)[1]), true);
    await there.page.press("Sign out here");
    await there.page.becomes(false, () => there.page.isShown("#keeping"));
    await arrive("Mira Okafor");
  });

  test("the preview follows every keystroke: the result, and the room that is left", async () => {
    await arrive("Mira Okafor");
    await clear();
    await there.page.type("patch", '{"a":{"b":1,"c":null},"t":"<"}');
    assert.deepEqual(await result(), { a: { b: 1 }, t: "<" });
    assert.equal(await left(), "26 of 3000 characters, 2974 left");
    await there.page.press("nulls in lists");
    assert.deepEqual(await result(), { seen: [null, { tour: "done" }] });
    await there.page.press("too much");
    assert.equal(await left(), "3011 of 3000 characters, 11 too many");
    assert.equal(await there.page.driver.executeScript("return document.querySelector('#gauge').ariaValueNow"), "3000");
  });

  test("an error stands at the field that it is about, and nothing is sent", async () => {
    await arrive("Mira Okafor");
    await there.page.type("patch", '{"theme":"dark"}');
    assert.equal(await fault(), null);
    const before = await result();
    for (const [text, expected] of [
      ['{"theme":', /^not JSON \S/],
      ["null", /^not JSON a patch is an object/],
      ["[1]", /^metadata_invalid patch is not JSON: it must be an object$/],
      ['{"a":{"b":[1,"\\ud800"]}}', /^metadata_invalid patch\.a\.b\[1\] is not JSON: a lone surrogate/],
    ]) {
      await there.page.type("patch", text);
      assert.match(await fault(), expected);
      assert.deepEqual(await result(), before, "the last good preview stays");
      await there.page.press("Save");
      assert.equal(await there.page.text("#saved .word"), null);
      assert.equal(await there.page.driver.executeScript("return document.activeElement.id"), "patch");
    }
    await there.page.type("patch", "{}");
    assert.equal(await fault(), null);
  });

  test("what cannot fit is refused without a request", async () => {
    await arrive("Mira Okafor");
    await there.page.press("too much");
    await there.page.press("Save");
    await there.page.becomes(["Refused", "metadata_too_large"], outcome);
    assert.deepEqual(await asked(), []);
  });

  for (const [loss, expected] of Object.entries(LOSSES)) {
    test(`${loss}: ${expected.word}`, async () => {
      await arrive("Mira Okafor");
      await clear();
      await there.page.type("patch", JSON.stringify({ kept: loss, gone: null }));
      await there.page.press(loss);
      await there.page.press("Save");
      await there.page.becomes([expected.word, expected.code], outcome);
      const seen = await asked();
      const begun = seen.findIndex((row) => row.startsWith(PATCH));
      // The clearing's flow goes on, where its csrf token is known.
      assert.ok(begun === 0 || FLOW.every((row, at) => seen[at] === `${row} 200`), seen.join());
      const expectedWrite = expected.asked.slice(FLOW.length);
      assert.deepEqual(seen.slice(begun, begun + expectedWrite.length), expectedWrite);
      await unsafeBecomes({ kept: loss });
    });
  }

  test("clearing removes all of it", async () => {
    await arrive("Jonas Lindqvist");
    await clear();
    assert.deepEqual(await unsafe(), {});
    await there.page.press("a removal");
    assert.deepEqual(await result(), {});
  });

  test("while Hanko is away the person stays, called what was said last, and a save says so", async () => {
    await arrive("Mira Okafor");
    await there.page.press("Connection refused");
    const notice = "Hanko cannot be asked right now. This is what it said last. network_error";
    await there.page.becomes(notice, () => there.page.text("#profile .notice"));
    assert.equal(await there.page.text("#profile .name"), "Mira Okafor");
    await there.page.type("patch", '{"theme":"dark"}');
    await there.page.press("Save");
    await there.page.becomes(["Not stored: Hanko cannot be asked", "network_error"], outcome);
    await there.page.press("Well");
    await there.page.becomes(null, () => there.page.text("#profile .notice"));
  });

  test("a webhook ends the session while the page is open: it sees it by itself, in every mode", async () => {
    await arrive("Jonas Lindqvist");
    await there.page.shows(SIGNED_IN);
    await there.page.press("End it by webhook");
    const ended = "Signed out session_ended";
    await there.page.shows({ local: ended, hybrid: ended, remote: ended });
    assert.match(await there.page.text('.verdict[data-mode="local"] .answer'), /asking nobody/);
    assert.equal(await there.page.isShown("#keeping"), false);
    await there.page.signIn("Jonas Lindqvist");
  });
});
