// Each row of the README's protocol surprises names tests that are there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { isTestIn, rowsOf, section } from "./snippets/sections.mjs";
import { root } from "./tarball.mjs";

const surprises = rowsOf(section("Protocol surprises"));

test("the protocol's two lists of surprises have a row each, and none has two", () => {
  assert.equal(surprises.length, 30);
  assert.deepEqual([...new Set(surprises.map(([hanko]) => hanko))].length, surprises.length);
});

for (const [hanko, here, shownBy] of surprises) {
  test(`shown: ${hanko}`, () => {
    assert.ok(here.length > 10, "what becomes of it");
    const cited = [...shownBy.matchAll(/`([^`]+)` "([^"]{8,})"/g)];
    assert.ok(cited.length > 0, "a test is named");
    assert.equal(cited.map(([text]) => text).join(", "), shownBy, "nothing else is named");
    for (const [, path, name] of cited) {
      const file = join(root, path.replace(/^suite\//, "tests/conformance/suite/"));
      assert.ok(existsSync(file), `${path} is not there`);
      assert.ok(isTestIn(readFileSync(file, "utf8"), name), `${path} has no test "${name}"`);
    }
  });
}
