/**
 * The first import to the first verified token.
 *
 * @param {() => Promise<{ firstVerify: (given: object) => Promise<string> }>} load
 * @param {{ apiUrl: string, jwks: string, token: string, subject: string }} given
 * @returns {Promise<{ ms: number, parts: Record<string, number> }>} milliseconds, in all and by part
 */
export async function timeCold(load, given) {
  const wasm = watchWebAssembly();
  const began = performance.now();
  const { firstVerify } = await load();
  const imported = performance.now();
  const subject = await firstVerify(given);
  const ended = performance.now();
  if (subject !== given.subject) throw new Error("the first token was not verified");
  return { ms: ended - began, parts: partsOf(began, imported, ended, wasm) };
}

function partsOf(began, imported, ended, { Module, Instance }) {
  if (!Instance) return { import: imported - began, "to the first answer": ended - imported };
  const compiled = Module ?? Instance;
  return {
    import: imported - began,
    ...(Module && { "unpack the module": Module.began - imported, compile: Module.ended - Module.began }),
    instantiate: Instance.ended - Instance.began,
    "to the first answer":
      ended - Instance.ended + (Module ? Instance.began - Module.ended : compiled.began - imported),
  };
}

/** When the first module was compiled and the first instance made, where there were any. */
function watchWebAssembly() {
  const seen = {};
  for (const name of ["Module", "Instance"]) {
    WebAssembly[name] = new Proxy(WebAssembly[name], {
      construct(target, args) {
        const began = performance.now();
        const made = Reflect.construct(target, args);
        seen[name] ??= { began, ended: performance.now() };
        return made;
      },
    });
  }
  return seen;
}
