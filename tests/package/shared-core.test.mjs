// The entries of the package share one core and one HankoError, whether they are imported or required.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const ENTRIES = ["hanko-edge", "hanko-edge/admin", "hanko-edge/stores", "hanko-edge/webhooks", "hanko-edge/slim"];

const ways = {
  imported: () => Promise.all(ENTRIES.map((entry) => import(entry))),
  required: async () => ENTRIES.map((entry) => require(entry)),
};

for (const [way, load] of Object.entries(ways)) {
  test(`${way}: one HankoError`, async () => {
    const [{ HankoError, createHanko }, { createAdmin }, { kvKeyStore }, { webhookRoute }, slim] = await load();
    assert.equal(slim.HankoError, HankoError);
    for (const wrong of [createHanko, createAdmin, kvKeyStore, webhookRoute, slim.createHanko]) {
      assert.throws(wrong, (error) => error instanceof HankoError && error.kind === "misuse", wrong.name);
    }
  });

  test(`${way}: one instance of the core`, async () => {
    const [{ createHanko }, { createAdmin }, , , slim] = await load();
    const { Instance } = WebAssembly;
    let started = 0;
    WebAssembly.Instance = function (...args) {
      started += 1;
      return new Instance(...args);
    };
    try {
      const options = { apiUrl: "https://tenant.hanko.test" };
      for (const create of [createHanko, createAdmin, slim.createHanko, createAdmin]) create(options);
    } finally {
      WebAssembly.Instance = Instance;
    }
    assert.equal(started, 1);
  });
}

test("imported and required in one process it is two packages, with a HankoError each", async () => {
  const [[imported], [required]] = await Promise.all([ways.imported(), ways.required()]);
  assert.notEqual(imported.HankoError, required.HankoError);
});
