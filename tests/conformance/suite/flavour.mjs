import { comesCompiled } from "../support/hosts.mjs";
import { assertHankoError, failureOf } from "../support/outcomes.mjs";

/** Edge hosts forbid compilation in a request: there the module must come from the bundle, elsewhere from the inline bytes. */
export function flavour(QUnit, { hanko, runtime }) {
  // Measured now and not in a test: the suites after this one make clients while they are registered.
  const made = whatFirstUseMakes(hanko);

  QUnit.module("flavour");

  QUnit.test("the first use compiles the core, except at the edge, where it comes compiled", (assert) => {
    assert.deepEqual(made, { modules: comesCompiled(runtime) ? 0 : 1, instances: 1 });
  });

  QUnit.test("init may be called again, any number of times", async (assert) => {
    assert.strictEqual(await hanko.init(), undefined);
    assert.strictEqual(await hanko.init(), undefined);
  });

  QUnit.test("init refuses what is not the core, and at the edge whatever is no module", async (assert) => {
    const address = "https://elsewhere.hanko.test/core.wasm";
    const sources = [new Uint8Array(8), Promise.resolve(new ArrayBuffer(8)), 7, null];
    if (comesCompiled(runtime)) sources.push(address, new URL(address), new Response("core"));
    for (const source of sources) {
      const error = await failureOf(assert, () => hanko.init(source), String(source));
      assertHankoError(assert, hanko, error, ["argument_invalid"]);
    }
    const cut = await failureOf(assert, () => hanko.init(Promise.reject(new Error("a fetch of the caller's"))));
    assertHankoError(assert, hanko, cut, ["network_error"], ["of the caller"]);
    assert.strictEqual(await hanko.init(), undefined, "which changes nothing");
  });
}

function whatFirstUseMakes(hanko) {
  const { Module, Instance } = WebAssembly;
  const made = { modules: 0, instances: 0 };
  WebAssembly.Module = counting(Module, () => (made.modules += 1));
  WebAssembly.Instance = counting(Instance, () => (made.instances += 1));
  try {
    hanko.createHanko({ apiUrl: "https://first-use.hanko.test" });
  } finally {
    Object.assign(WebAssembly, { Module, Instance });
  }
  return made;
}

function counting(Class, count) {
  return new Proxy(Class, {
    construct(target, args) {
      count();
      return Reflect.construct(target, args);
    },
  });
}
