// The README's tables, compared with what they are about: options, codes, threats, commands.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { selectors, suites } from "../../scripts/suites.mjs";
import { isTestIn, quoted, rowsOf, section } from "./snippets/sections.mjs";
import { root } from "./tarball.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");

/** Options of `createHanko`, each with what its comment says. */
function optionsOf(types) {
  const [members] = types.split("interface HankoOptions")[1].split("\n}");
  const found = members.matchAll(/\/\*\*([^]*?)\*\/\s+(\w+)\??:/g);
  return new Map(Array.from(found, ([, comment, name]) => [name, comment]));
}

const options = optionsOf(read("pkg-template/src/types.ts"));

test("every option has a row, with the default that its comment gives", () => {
  assert.equal(options.size, 19);
  const rows = rowsOf(section("Options"));
  const named = rows.flatMap(([names, , meaning]) => [...quoted(names), ...quoted(meaning)]);
  for (const name of options.keys()) assert.ok(named.includes(name), `${name} has no row`);
  let compared = 0;
  for (const [names, given] of rows) {
    const defaults = given.replace(/`| m?s$/g, "").split(", ");
    for (const [at, name] of quoted(names).entries()) {
      assert.ok(options.has(name), `${name} is no option`);
      const [, told] = /Default "?(\w+)|`"(\w+)"` \(default\)/.exec(options.get(name).replaceAll('`"h', '"h')) ?? [];
      if (told === undefined) continue;
      assert.equal(defaults[at], told, name);
      compared += 1;
    }
  }
  assert.equal(compared, 8);
  assert.deepEqual([rows[1][0].includes("`mode`"), rows[1][1].startsWith("`hybrid`")], [true, true]);
});

test("what a comment says of an option's range and default is what the core takes", () => {
  const taken = [...read("src/config.rs").matchAll(/\.whole\("(\w+)", ([\d_]+)\.\.=([\d_]+), ([\d_]+)\)/g)];
  assert.equal(taken.length, 7);
  for (const [, name, ...numbers] of taken) {
    const [least, most, otherwise] = numbers.map((number) => number.replaceAll("_", ""));
    const comment = options.get(name).replace(" (off)", "");
    assert.match(comment, new RegExp(`, ${least} to ${most}\\b.* Default ${otherwise}\\b`), name);
  }
});

test("every code is told of once: as an answer of authenticate, or with where it comes from", () => {
  const text = section("What comes back").split("\n###")[0];
  const [, signedOut, unavailable] = rowsOf(text).map((row) => quoted(row.at(-1)));
  const elsewhere = quoted(text.split("Misuse throws")[1].split("Every other method")[0]);
  const errors = read("pkg-template/src/error.ts");
  const [denied, unknown, misuse] = ["DeniedCode", "UnavailableCode", "MisuseCode"].map((name) => {
    const [union] = errors.split(`type ${name} =`)[1].split(";");
    return [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code);
  });
  const codes = [...denied, ...unknown, ...misuse];
  assert.equal(codes.length, 41);
  for (const code of signedOut) assert.ok(denied.includes(code), code);
  for (const code of unavailable) assert.ok(unknown.includes(code), code);
  const told = [...signedOut, ...unavailable, ...elsewhere.filter((name) => codes.includes(name))];
  assert.deepEqual(told.sort(), codes.sort());
});

test("every threat names tests that are there, and the attack tokens are as many as it says", () => {
  const text = section("Threats");
  const rows = rowsOf(text);
  const { cases } = JSON.parse(read("tests/vectors/attack-tokens/attack_tokens.json"));
  const fits =
    (name) =>
    ({ cat }) =>
      cat === name || (name.endsWith("*") && cat.startsWith(name.slice(0, -1)));
  assert.ok(rows.length >= 28, `${rows.length} rows`);
  for (const [threat, , shownBy] of rows) {
    const places = quoted(shownBy);
    assert.ok(places.length > 0, threat);
    for (const place of places) {
      if (!place.includes("/")) assert.ok(cases.some(fits(place)), `${threat}: attack tokens ${place}`);
      else assert.ok(existsSync(pathOf(place)), `${threat}: ${place}`);
    }
    for (const [, place, name] of shownBy.matchAll(/`([^`]+)` "([^"]+)"/g)) {
      assert.ok(isTestIn(readFileSync(pathOf(place), "utf8"), name), `${threat}: ${name}`);
    }
  }
  const said = /the (\d+) cases .*?0 of (\d+) wrong ones .*?(\d+) of (\d+) right ones/s.exec(text).slice(1).map(Number);
  const count = (outcome) => cases.filter(({ expect }) => expect.outcome === outcome).length;
  assert.deepEqual(said, [cases.length, count("invalid"), count("valid"), count("valid")]);
});

function pathOf(place) {
  return join(root, place.replace(/^suite\//, "tests/conformance/suite/"));
}

test("every command is there, and every selector and folder of npm test is named", () => {
  const text = section("Work on it");
  const commands = rowsOf(text).map(([command]) => quoted(command)[0].replace(/^npm (run )?/, ""));
  assert.deepEqual(commands.sort(), Object.keys(JSON.parse(read("package.json")).scripts).sort());
  const [, chosen] = /`npm test -- (rust`.*?) select/.exec(text);
  assert.deepEqual(
    quoted(`\`${chosen}`).map((word) => word.replace("-- ", "")),
    selectors,
  );
  const words = suites.flatMap(({ command }) => command({ chromium: {}, firefox: {}, webkit: {} }));
  const folders = new Set(words.flatMap((word) => /^(tests\/.*)\/[^/]*\.test\.mjs$/.exec(word)?.[1] ?? []));
  assert.ok(folders.size >= 8);
  for (const folder of folders) assert.ok(text.includes(folder), folder);
  const targets = readdirSync(join(root, "tests/fuzz/fuzz_targets"));
  assert.deepEqual([/Fuzzes (\w+) readers/.exec(text)[1], targets.length], ["eleven", 11]);
});
