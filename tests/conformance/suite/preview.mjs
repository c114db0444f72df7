import { assertHankoError, failureOf } from "../support/outcomes.mjs";

const LONE = "a lone surrogate is refused in a patch; Hanko would store U+FFFD";
/** Rows of the profile flow that come out otherwise, and why. */
const OTHERWISE = {
  "flow-numbers-002": "JavaScript writes -0 as 0",
  "flow-numbers-057": "JavaScript writes -0 as 0",
  ...Object.fromEntries([31, 32, 33, 34, 35, 36, 37].map((number) => [`flow-strings-0${number}`, LONE])),
  "flow-names-019": LONE,
  "flow-names-020": LONE,
  "flow-names-021": LONE,
  "flow-limit-042": LONE,
  "flow-whole-001": "null previews the clearing, which goes to Hanko as a string",
  "flow-whole-040": "null previews the clearing, which goes to Hanko as a string",
};
const LIMIT = "metadata must not exceed character limit (3000)";

/** A character, and what it costs in a value. */
const COSTS = [
  ["x", 1], ["/", 1], ["\u007f", 1], ["é", 1], ["\u0301", 1], ["\ufffd", 1], ["😀", 1], ['"', 2], ["\\", 2], ["\b", 2],
  ["\n", 2], ["\0", 6], ["\u001f", 6], ["<", 6], [">", 6], ["&", 6], ["\u2028", 6], ["\u2029", 6],
]; // prettier-ignore

/** `previewMetadataPatch` against what servers stored, and against the library that they merge with. */
export function preview(QUnit, { hanko, vectors }) {
  const { previewMetadataPatch } = hanko;
  const { flowOutputs, mergeOutputs } = vectors;

  QUnit.module("previewMetadataPatch");

  QUnit.test("there are 331 rows of servers and 53 of the library", (assert) => {
    assert.deepEqual([flowOutputs.length, mergeOutputs.length], [331, 53]);
    const ids = flowOutputs.map(({ id }) => id);
    assert.deepEqual(
      Object.keys(OTHERWISE).filter((id) => !ids.includes(id)),
      [],
    );
  });

  for (const row of flowOutputs) {
    const reason = OTHERWISE[row.id];
    QUnit.test(`${row.id}${reason ? ` (otherwise: ${reason})` : ""}`, (assert) => {
      assert.strictEqual(agrees(row), reason === undefined);
    });
  }

  QUnit.test("what the library stores for escapes and doubled names", (assert) => {
    for (const { id, before, patch, after, length } of mergeOutputs) {
      const result = previewMetadataPatch(before, JSON.parse(patch));
      assert.strictEqual(JSON.stringify(result.metadata), JSON.stringify(JSON.parse(after)), id);
      assert.strictEqual(result.length, length, id);
    }
  });

  QUnit.test("right at the limit, for every kind of character", (assert) => {
    for (const [character, cost] of COSTS) {
      for (const length of [2999, 3000, 3001]) {
        const room = length - '{"a":""}'.length;
        const patch = { a: character.repeat(room / cost) + "x".repeat(room % cost) };
        const result = previewMetadataPatch(undefined, patch);
        assert.deepEqual(
          result,
          { metadata: patch, length, limit: 3000, fits: length <= 3000 },
          JSON.stringify(character),
        );
      }
    }
  });

  QUnit.test("names that objects have are data", (assert) => {
    const patch = JSON.parse(
      '{"__proto__":{"a":1},"constructor":{"prototype":{"b":2}},"toString":3,"1":4,"x":{"__proto__":5}}',
    );
    const { metadata } = previewMetadataPatch(JSON.parse('{"__proto__":{"c":6},"2":7}'), patch);
    assert.deepEqual(Object.keys(metadata).sort(), ["1", "2", "__proto__", "constructor", "toString", "x"]);
    assert.strictEqual(Object.getPrototypeOf(metadata), Object.prototype);
    assert.strictEqual(JSON.stringify(Object.getOwnPropertyDescriptor(metadata, "__proto__").value), '{"c":6,"a":1}');
    assert.strictEqual({}.a, undefined);
    assert.strictEqual({}.c, undefined);
    const removed = previewMetadataPatch(JSON.parse('{"__proto__":{"a":1},"b":2}'), JSON.parse('{"__proto__":null}'));
    assert.deepEqual(removed.metadata, { b: 2 });
  });

  QUnit.test("as deep as can be stored, and as deep as cannot", (assert) => {
    for (const levels of [1400, 1497, 100_000]) {
      const deep = nested(levels);
      for (const [current, patch] of [
        [undefined, { a: deep }],
        [{ a: deep }, {}],
        [`{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`, {}],
      ]) {
        const { length, fits } = previewMetadataPatch(current, patch);
        assert.deepEqual([length, fits], [2 * levels + 6, levels <= 1497], `${levels} levels`);
      }
    }
  });

  QUnit.test("text is counted as it stands, an object as JavaScript would store it", (assert) => {
    const text = '{"a":1.0,"b":"\\u0041\\ud83d\\ude00\\/","c":"\\ud800"}';
    assert.strictEqual(previewMetadataPatch(text, {}).length, text.length);
    const object = previewMetadataPatch(JSON.parse(text), {});
    assert.deepEqual(object.metadata, { a: 1, b: "A😀/", c: "\ufffd" });
    assert.strictEqual(object.length, '{"a":1,"b":"A*/","c":"*"}'.length);
  });

  QUnit.test("nothing is stored after a clearing; an empty patch of nothing stores an empty object", (assert) => {
    assert.deepEqual(previewMetadataPatch({ a: 1 }, null), { metadata: {}, length: 0, limit: 3000, fits: true });
    assert.deepEqual(previewMetadataPatch(undefined, {}), { metadata: {}, length: 2, limit: 3000, fits: true });
  });

  QUnit.test("nothing of the caller's is changed", (assert) => {
    const [current, patch] = [
      Object.freeze({ a: Object.freeze({ b: 1 }) }),
      Object.freeze({ a: Object.freeze({ b: null }) }),
    ];
    assert.deepEqual(previewMetadataPatch(current, patch).metadata, { a: {} });
    assert.deepEqual([current, patch], [{ a: { b: 1 } }, { a: { b: null } }]);
  });

  for (const [name, current, patch, place] of [
    ["undefined in a patch", {}, { a: [0, { secret: undefined }] }, "patch.a[1].secret"],
    ["NaN in a patch", {}, { a: NaN }, "patch.a"],
    ["a lone surrogate in a patch", {}, { a: "\ud800" }, "patch.a"],
    ["a bigint in what is stored", { a: 1n }, {}, "current.a"],
    ["Infinity in what is stored", { a: Infinity }, {}, "current.a"],
    ["a patch that is a text", {}, "{}", "patch"],
    ["a patch that is an array", {}, [], "patch"],
    ["no patch", {}, undefined, "patch"],
    ["null as what is stored", null, {}, "current"],
    ["an array as what is stored", [], {}, "current"],
    ["the text of an array", "[1]", {}, "current"],
    ["text that is not JSON", '{"secret":01}', {}, "current"],
    ["no text", "", {}, "current"],
    ["half a text", "[".repeat(2 ** 20), {}, "current"],
  ]) {
    QUnit.test(`refused: ${name}`, async (assert) => {
      const error = await failureOf(assert, () => previewMetadataPatch(current, patch));
      assertHankoError(assert, hanko, error, ["metadata_invalid"], ['"secret"']);
      assert.true(error.message.startsWith(`${place} is not `), error.message);
    });
  }

  /** Whether the preview is what became of a row. */
  function agrees({ before, patch, outcome, error, after, length, key_order }) {
    const current = before ?? undefined;
    let sent;
    try {
      sent = JSON.parse(patch ?? "undefined");
    } catch {
      return outcome === "rejected";
    }
    // The string forms: the one that clears is null here, the others are not sent.
    if (typeof sent === "string" && sent !== "null") return isRefused(current, sent);
    if (sent === null) return isRefused(current, sent) === (outcome === "rejected");
    if (isRefused(current, sent)) return outcome === "rejected";
    const result = previewMetadataPatch(current, sent === "null" ? null : sent);
    if (outcome === "rejected") return error.cause === LIMIT && !result.fits;
    if (after === null) return result.length === 0 && Object.keys(result.metadata).length === 0;
    const text = key_order === "random" ? sorted : JSON.stringify;
    const same = text(result.metadata) === text(JSON.parse(after)) && result.length === length && result.fits;
    return same && (!isPlain(before) || sameFromObject(result, JSON.parse(before ?? "{}"), sent));
  }

  function isRefused(current, patch) {
    try {
      previewMetadataPatch(current, patch === "null" ? null : patch);
      return false;
    } catch (error) {
      return error instanceof hanko.HankoError && error.code === "metadata_invalid";
    }
  }

  function sameFromObject(result, current, patch) {
    return JSON.stringify(previewMetadataPatch(current, patch)) === JSON.stringify(result);
  }
}

/** Whether JavaScript would have stored the very text. */
function isPlain(text) {
  const escape = (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return text === null || JSON.stringify(JSON.parse(text)).replace(/[<>&\u2028\u2029]/g, escape) === text;
}

/** The text of a flat object, its members in one order. */
function sorted(object) {
  return JSON.stringify(Object.entries(object).sort());
}

function nested(levels) {
  let value = [];
  for (let level = 1; level < levels; level++) value = [value];
  return value;
}
