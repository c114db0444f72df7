/**
 * Builds `pkg/`, the publishable package, packs it, and unpacks the tarball into node_modules,
 * so that whatever here imports "hanko-edge" gets what users get.
 *
 *   node scripts/build.mjs           the package
 *   node scripts/build.mjs --trap    target/pkg-trap: the same, with an export that traps on purpose (for tests)
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { setUp } from "./setup.mjs";
import { shrink } from "./shrink.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({ options: { trap: { type: "boolean", default: false } } });
const out = join(root, values.trap ? "target/pkg-trap" : "pkg");
const work = join(root, values.trap ? "target/work-trap" : "target/work");
Object.assign(process.env, await setUp());
const esbuild = await import("esbuild");

/** For `passStringToWasm0`: a text of ASCII takes the place that it has already, and nothing is allocated twice. */
const ENCODE_AT_ONCE = `
    if (len >= 64) {
        const { read, written } = cachedTextEncoder.encodeInto(arg, mem.subarray(ptr, ptr + len));
        if (read === len) {
            WASM_VECTOR_LEN = written;
            return ptr;
        }
    }
`;

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "dist"), { recursive: true });
await makeGlue(compileCore());
writeBytes();
compileFacade();
await bundleCommonJs();
writeCommonJsTypes();
copyTemplate();
if (!values.trap) install(pack());
await printSizes();

/**
 * wasm-pack runs the wasm-bindgen that set-up has put on PATH. The standard library is compiled with the core, so that a panic
 * is the trap alone, without the text that nobody here would read: a tenth of all bytes. RUSTC_BOOTSTRAP lets the pinned
 * compiler take those flags, which are unstable. Returns the build's name, and the short ones of what the core imports and exports.
 */
function compileCore() {
  run("cargo", ["fetch", "--locked"]);
  const features = values.trap ? ["--features", "trap"] : [];
  const options = [root, "--target", "web", "--no-pack", "--release", "--out-dir", work, "--out-name", "core"];
  const library = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
  for (const crate of ["core", "alloc", "compiler_builtins", "dlmalloc"])
    library.push("--config", `profile.release.package.${crate}.opt-level=3`);
  run("wasm-pack", ["--log-level", "warn", "build", ...options, "--", ...library, ...features], {
    RUSTC_BOOTSTRAP: "1",
    RUSTFLAGS: `-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Cllvm-args=-inline-threshold=10 ${remapped()}`,
  });
  return shrink(join(work, "core_bg.wasm"), join(out, "dist/core.wasm"));
}

/** No path of the building machine in the binary, and the same binary on every machine. */
function remapped() {
  const sysroot = execFileSync("rustc", ["--print", "sysroot"], { cwd: root, encoding: "utf8" }).trim();
  const cargo = process.env.CARGO_HOME ?? join(process.env.HOME ?? "", ".cargo");
  const registry = join(cargo, "registry/src");
  const crates = readdirSync(registry).map((index) => [join(registry, index), "crates"]);
  const places = Object.fromEntries([...crates, [root.replace(/\/$/, ""), "hanko-edge"], [sysroot, "rust"]]);
  const flags = Object.entries(places).map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
  return [process.env.RUSTFLAGS, ...flags].filter(Boolean).join(" ");
}

/**
 * wasm-bindgen's output keeps one instance in module variables. We need one closed scope per instance (a trapped one must
 * call nobody), and none of its loaders, which bundlers and edge hosts trip over.
 */
async function makeGlue(names) {
  const generated = readFileSync(join(work, "core.js"), "utf8");
  const loaders = "export { initSync, __wbg_init as default };";
  if (!generated.includes(loaders)) throw new Error("wasm-bindgen's output has changed: its export line is not there");
  const exposed = generated.replace(
    loaders,
    "export { __wbg_get_imports as imports, __wbg_finalize_init as finalize };",
  );
  // A long text is copied by the host's encoder, not character by character: a token takes a quarter of the time.
  const memory = "const mem = getUint8ArrayMemory0();\n";
  if (exposed.split(memory).length !== 2)
    throw new Error("wasm-bindgen's output has changed: its copying is not there");
  const copying = exposed.replace(memory, memory + ENCODE_AT_ONCE);
  const { outputFiles } = await esbuild.build({
    stdin: { contents: shortened(copying, names), loader: "js" },
    bundle: true,
    format: "cjs",
    treeShaking: true,
    write: false,
  });
  const body = outputFiles[0].text.replace(/^"use strict";\n/, "");
  if (/\bfetch\(|import\.meta|WebAssembly\.(compile|instantiate|Instance)/.test(body))
    throw new Error("a loader of wasm-bindgen's is left in the glue");
  if (!/\n\s*queueMicrotask\(/.test(body))
    throw new Error("wasm-bindgen's output has changed: no import calls queueMicrotask");
  const factory = `export function createGlue() {\nconst module = { exports: {} };\n${body}\nreturn module.exports;\n}\n`;
  const microtasks = names.imports.filter(([, name]) => name.startsWith("__wbg_queueMicrotask_"));
  if (microtasks.length !== 2) throw new Error("wasm-bindgen's output has changed: two imports are queueMicrotask");
  const named = `export const QUEUE_MICROTASK = ${JSON.stringify(microtasks.map(([, , short]) => short))};\n`;
  writeFileSync(join(out, "dist/glue.js"), named + factory);
}

/** The glue by the short names that the core has for what it imports and exports. */
function shortened(glue, { build, imports, exports }) {
  const replaced = (text, long, short) => {
    if (!text.includes(long)) throw new Error(`wasm-bindgen's output has changed: no ${long}`);
    return text.replaceAll(long, short);
  };
  const [[module]] = imports;
  if (imports.some(([other]) => other !== module)) throw new Error("the core imports from more than one module");
  let text = replaced(glue, `"${module}":`, `"${build}":`);
  for (const [, name, short] of imports) text = replaced(text, ` ${name}:`, ` ${short}:`);
  const shorts = new Map(exports);
  return text.replace(/\bwasm\.(\w+)/g, (used, name) => {
    if (!shorts.has(name)) throw new Error(`the core does not export ${name}`);
    return `wasm.${shorts.get(name)}`;
  });
}

/** The module as text; `pkg-template/src/unpack.ts` says how. */
function writeBytes() {
  const bytes = readFileSync(join(out, "dist/core.wasm"));
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const ranks = Uint8Array.from(counts.keys()).sort((one, other) => counts[other] - counts[one] || one - other);
  const alphabet = [...Array(0x7f).keys()].slice(0x23).filter((code) => code !== 0x5c);
  const spelt = new Array(256);
  for (const [rank, byte] of ranks.entries()) {
    const prefix = ["", " ", "!"][Math.floor(rank / alphabet.length)];
    spelt[byte] = prefix + String.fromCharCode(alphabet[rank % alphabet.length]);
  }
  const text = Array.from(bytes, (byte) => spelt[byte]).join("");
  const constants = { text, ranks: Buffer.from(ranks).toString("base64"), length: bytes.length };
  const lines = Object.entries(constants).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`);
  writeFileSync(join(out, "dist/bytes.js"), lines.join(""));
}

function compileFacade() {
  run("node", [
    join(root, "node_modules/typescript/bin/tsc"),
    "-p",
    join(root, "pkg-template"),
    "--outDir",
    join(out, "dist"),
  ]);
  cpSync(join(root, "pkg-template/src/glue.d.ts"), join(out, "dist/glue.d.ts"));
  cpSync(join(root, "pkg-template/core.wasm.d.ts"), join(out, "dist/core.wasm.d.ts"));
}

/** One core and one `HankoError` for all entries, as in ESM: what they share is required, not bundled. */
async function bundleCommonJs() {
  const shared = ["core", "error", "inline"];
  const requireShared = {
    name: "require-shared",
    setup: (bundle) =>
      bundle.onResolve({ filter: new RegExp(`/(${shared.join("|")})\\.js$`) }, ({ path, kind }) =>
        kind === "entry-point" ? undefined : { path: `./${basename(path, ".js")}.cjs`, external: true },
      ),
  };
  for (const entry of [...shared, "index", "slim", "testing", "stores", "webhooks", "admin"]) {
    const from = join(out, "dist", `${entry}.js`);
    await esbuild.build({
      entryPoints: [from],
      outfile: from.replace(/\.js$/, ".cjs"),
      bundle: true,
      format: "cjs",
      platform: "neutral",
      legalComments: "inline",
      plugins: [requireShared],
    });
  }
}

function writeCommonJsTypes() {
  const types = readdirSync(join(out, "dist"), { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".d.ts"),
  );
  for (const file of types.filter((file) => file !== "core.wasm.d.ts")) {
    const text = readFileSync(join(out, "dist", file), "utf8");
    const renamed = text.replace(/(from "\.{1,2}\/[^"]*)\.js"/g, '$1.cjs"');
    writeFileSync(join(out, "dist", file.replace(/\.d\.ts$/, ".d.cts")), renamed);
  }
}

function copyTemplate() {
  for (const file of ["package.json", "LICENSE", "slim", "testing", "stores", "webhooks", "admin"])
    cpSync(join(root, "pkg-template", file), join(out, file), { recursive: true });
  cpSync(join(root, "README.md"), join(out, "README.md"));
}

function pack() {
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", join(root, "target")], {
    cwd: out,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return join(root, "target", JSON.parse(packed)[0].filename);
}

function install(tarball) {
  const place = join(root, "node_modules/hanko-edge");
  const unpacked = join(root, "target/unpacked");
  for (const folder of [place, unpacked]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  run("tar", ["-xzf", tarball, "-C", unpacked]);
  renameSync(join(unpacked, "package"), place);
}

async function printSizes() {
  const wasm = readFileSync(join(out, "dist/core.wasm"));
  const browser = await esbuild.build({
    stdin: { contents: `export { createHanko } from "./dist/index.js";`, resolveDir: out },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  const loaded = gzipSync(browser.outputFiles[0].contents, { level: 9 }).length;
  console.log(`size: core.wasm ${kilobytes(wasm.length)} raw, ${kilobytes(gzipSync(wasm, { level: 9 }).length)} gzip`);
  console.log(`size: a browser loads ${kilobytes(loaded)} (minified and gzipped, WebAssembly included)`);
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function run(command, args, env = {}) {
  execFileSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
}
