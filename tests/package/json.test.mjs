// What the caller gives as metadata becomes JSON text, or is refused by the path where it is none.
import assert from "node:assert/strict";
import test from "node:test";
import vm from "node:vm";

import { HankoError } from "hanko-edge";

const { objectText } = await import(new URL("../../node_modules/hanko-edge/dist/json.js", import.meta.url));

/** V8's own walk ends at some thousand levels. */
const DEEP = 500_000;
const VALUES = {
  "nothing in it": {},
  "every type": { a: null, b: true, c: false, d: 0, e: "", f: [], g: {}, h: [1, [2, { i: [] }]], "": 1 },
  "numbers as JavaScript prints them": {
    a: -0,
    b: 1e21,
    c: 1e-7,
    d: 0.1 + 0.2,
    e: 5e-324,
    f: 1.7976931348623157e308,
    g: 2 ** 53,
  },
  "what JSON escapes": { s: '"\\\b\f\n\r\t\0\u001f\u007f', "<\u2028>": "\u2029&/" },
  "pairs of surrogates": { "😀": "😀\udbff\udfff" },
  "names that objects have": JSON.parse(
    '{"__proto__":{"a":1},"constructor":2,"toString":3,"hasOwnProperty":4,"length":5}',
  ),
  "numeric names": { 10: "a", 2: "b", "-1": "c", 4294967295: "d", x: "e" },
  "without a prototype": Object.assign(Object.create(null), { a: Object.create(null) }),
  "of another realm": vm.runInNewContext("({ a: [1, { b: 2 }] })"),
  "the same object twice": ((shared) => ({ a: shared, b: [shared, shared] }))({ x: 1 }),
  "a name that cannot be seen": Object.defineProperty({ a: 1 }, "hidden", { value: undefined }),
  "a getter": {
    get a() {
      return [1];
    },
  },
};
const WELL_KNOWN = Symbol("secret");
const self = { a: { b: [] } };
self.a.b.push(self.a);
const sparse = [1, , 3];
const named = Object.assign([1], { secret: 2 });
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const LONG = "s".repeat(40);
const in120 = (name) => ({ [LONG]: { [LONG]: { [name]: undefined } } });
const half = Object.defineProperty({ [Symbol("secret")]: 1 }, Symbol("hidden"), { value: 1 });
const throwing = {
  get a() {
    throw new Error("secret");
  },
};

/** The value, the path that the message names, and the reason. */
const REFUSED = {
  undefined: [{ a: undefined }, "patch.a", "it is undefined"],
  "a function": [{ a: [0, () => 1] }, "patch.a[1]", "it is function"],
  "a symbol": [{ a: Symbol("secret") }, "patch.a", "it is symbol"],
  "a bigint": [{ a: { b: 1n } }, "patch.a.b", "it is bigint"],
  NaN: [{ a: [0, 1, 2, { b: NaN }] }, "patch.a[3].b", "a number must be finite"],
  "positive infinity": [{ a: Infinity }, "patch.a", "a number must be finite"],
  "negative infinity": [{ a: -Infinity }, "patch.a", "a number must be finite"],
  "a cycle": [self, "patch.a.b[0]", "it contains itself"],
  "a hole": [{ a: sparse }, "patch.a", "the array has holes, or names of its own"],
  "an array with names": [{ a: named }, "patch.a", "the array has holes, or names of its own"],
  "a hole and a name": [{ a: Object.assign([,], { x: 1 }) }, "patch.a[0]", "it is undefined"],
  "a Date": [{ a: new Date(0) }, "patch.a", "objects must be plain"],
  "a Map": [{ a: new Map([["secret", 1]]) }, "patch.a", "objects must be plain"],
  "a boxed number": [{ a: new Number(1) }, "patch.a", "objects must be plain"],
  "a typed array": [{ a: new Uint8Array(1) }, "patch.a", "objects must be plain"],
  "an object of a class": [
    {
      a: new (class Own {
        x = 1;
      })(),
    },
    "patch.a",
    "objects must be plain",
  ],
  "the patch of a class": [
    new (class Own {
      x = 1;
    })(),
    "patch",
    "objects must be plain",
  ],
  "a toJSON": [{ toJSON: () => ({ a: 1 }) }, "patch.toJSON", "it is function"],
  "a name that is a symbol": [{ a: { [WELL_KNOWN]: 1 } }, "patch.a", "objects must be plain"],
  "a lone surrogate": [{ a: ["x", "\ud800"] }, "patch.a[1]", "a lone surrogate is no character"],
  "surrogates the wrong way round": [{ a: "\udc00\ud800" }, "patch.a", "a lone surrogate is no character"],
  "a lone surrogate in a name": [{ a: { "\udfff": 1 } }, "patch.a[…]", "a lone surrogate is no character"],
  "a getter that throws": [{ b: throwing }, "patch.b.a", "it cannot be read"],
  "a proxy that is revoked": [{ b: revoked.proxy }, "patch.b", "it cannot be read"],
  "a name that is not plain": [{ "sec ret": undefined }, "patch[…]", "it is undefined"],
  "the longest name that is shown": [{ [LONG]: undefined }, `patch.${LONG}`, "it is undefined"],
  "a name that is long": [{ [`${LONG}s`]: undefined }, "patch[…]", "it is undefined"],
  "the longest path that is shown": [
    in120("s".repeat(32)),
    `patch.${LONG}.${LONG}.${"s".repeat(32)}`,
    "it is undefined",
  ],
  "a path that is long": [in120("s".repeat(33)), `patch.${LONG}.${LONG}.${"s".repeat(32)}…`, "it is undefined"],
  "a name that can be seen, and one that cannot": [{ a: half }, "patch.a", "objects must be plain"],
  "no object: null": [null, "patch", "it must be an object"],
  "no object: an array": [[], "patch", "it must be an object"],
  "no object: a string": ["{}", "patch", "it must be an object"],
  "no object: undefined": [undefined, "patch", "it must be an object"],
};

for (const [name, value] of Object.entries(VALUES)) {
  test(`written as JSON.stringify writes it: ${name}`, () =>
    assert.equal(objectText(value, "patch"), JSON.stringify(value)));
}

for (const [name, [value, path, reason]] of Object.entries(REFUSED)) {
  test(`refused: ${name}`, () => {
    const error = failure(() => objectText(value, "patch"));
    assert.deepEqual([error.code, error.kind], ["metadata_invalid", "misuse"]);
    assert.equal(error.message, `${path} is not JSON: ${reason}`);
    assert.equal(error.cause, undefined);
  });
}

test("a polluted prototype changes nothing", () => {
  Object.prototype.toJSON = () => "other";
  String.prototype.toJSON = () => "other";
  try {
    assert.equal(objectText({ a: [{}] }, "patch"), '{"a":[{}]}');
  } finally {
    delete Object.prototype.toJSON;
    delete String.prototype.toJSON;
  }
});

test("a getter is asked once, so that what was checked is what is sent", () => {
  let asked = 0;
  const text = objectText(
    {
      get a() {
        return asked++ === 0 ? 1 : NaN;
      },
    },
    "patch",
  );
  assert.deepEqual([text, asked], ['{"a":1}', 1]);
});

test("any depth is written, and the path of what is refused down there stays short", () => {
  assert.equal(objectText({ a: nested(DEEP, 1) }, "patch").length, 2 * DEEP + 7);
  const { code, message } = failure(() => objectText({ a: nested(DEEP, NaN) }, "patch"));
  assert.equal(code, "metadata_invalid");
  assert.ok(message.startsWith("patch.a[0][0]") && message.length < 170, message);
});

test("a cycle is told as one, wherever it closes and however much stands in it", () => {
  for (const depth of [0, 1, 30, 31, 32, 33, 5000]) {
    const ring = { text: depth < 40 ? "x".repeat(2 ** 18) : "" };
    ring.to = { ring };
    const { code, message } = failure(() => objectText(depth === 0 ? ring : { a: nested(depth, ring) }, "patch"));
    assert.equal(code, "metadata_invalid", `${depth} levels`);
    if (depth < 30) assert.equal(message, `patch${depth ? ".a[0]" : ""}.to.ring is not JSON: it contains itself`);
  }
});

test("what cannot fit by far ends early", () => {
  let doubled = ["x"];
  for (let level = 0; level < 60; level++) doubled = [doubled, doubled];
  for (const value of [{ a: doubled }, { a: "x".repeat(2 ** 21) }]) {
    assert.equal(failure(() => objectText(value, "patch")).code, "metadata_too_large");
  }
});

test("what was stored with a lone surrogate is counted as Hanko would store it", () => {
  const current = { "\ud800": ["a\udc00b", "😀"] };
  assert.equal(objectText(current, "current", "replace"), '{"\ufffd":["a\ufffdb","😀"]}');
});

function nested(levels, innermost) {
  let value = innermost;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

function failure(work) {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof HankoError, String(error));
    return error;
  }
  return assert.fail("nothing was thrown");
}
