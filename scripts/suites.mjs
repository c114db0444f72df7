// What `npm test` runs, in this order.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { countConformance, countLibtest, countNodeTest } from "./counts.mjs";
import { root } from "./processes.mjs";
import { globTests } from "./test-files.mjs";

const WASM = ["--target", "wasm32-unknown-unknown"];
const DENY = ["--", "-D", "warnings"];
const HALF_AN_HOUR_MS = 30 * 60 * 1000;

/**
 * A suite: its name, the selectors that choose it, and its command. `count` reads the number of tests from the
 * output; a suite without one is a single check. `needs` (a browser, or other Nodes) and `build` are what it cannot run without, `env` changes
 * its environment, `proof` is a text that the output must hold.
 */
export const suites = [
  rust("rustfmt", ["cargo", "fmt", "--check"]),
  rust("clippy, native", ["cargo", "clippy", "--all-targets", ...DENY]),
  rust("clippy, wasm", ["cargo", "clippy", "--all-targets", ...WASM, ...DENY]),
  rust("clippy, wasm, feature trap", ["cargo", "clippy", "--all-targets", "--features", "trap", ...WASM, ...DENY]),
  { ...rust("rustdoc", ["cargo", "doc", "--no-deps"]), env: (env) => ({ ...env, RUSTDOCFLAGS: "-D warnings" }) },
  rust("prettier", ["prettier", "--check", "."]),
  { ...rust("Rust, native", ["cargo", "test", "--no-fail-fast"]), count: countLibtest },
  { ...rust("fuzz targets over their seeds", ["node", "scripts/fuzz.mjs", "--seeds"]), count: countConformance },
  wasm("Rust, Chromium", "chromium", "Chrome", (driver) => ["--chrome", "--chromedriver", driver]),
  wasm("Rust, Firefox", "firefox", "Firefox", (driver) => ["--firefox", "--geckodriver", driver]),
  wasm("Rust, WebKit", "webkit", "Safari", (driver) => ["--safari", "--safaridriver", driver]),
  {
    name: "build",
    selectors: ["node", "nodes", "deno", "bun", "edge", "workerd", "browsers"],
    command: () => ["node", "scripts/build.mjs"],
    builds: true,
  },
  { name: "build, feature trap", selectors: ["node"], command: () => ["node", "scripts/build.mjs", "--trap"] },
  nodeTests("package", ["node"], ["tests/package", "tests/testing"]),
  nodeTests("contract, test server and recordings", ["node"], ["tests/contract"]),
  { ...nodeTests("keys and answers in time", ["node"], ["tests/time"]), timeLimit: HALF_AN_HOUR_MS },
  nodeTests("stores", ["node"], ["tests/stores"]),
  nodeTests("webhooks", ["node"], ["tests/webhooks"]),
  conformance("conformance, Node", "node", "run-here.mjs", () => ["node"], ["node"]),
  { ...conformance("conformance, other Nodes", "nodes", "run-nodes.mjs"), needs: "nodes" },
  conformance("conformance, Deno", "deno", "run-here.mjs", deno, ["deno"]),
  conformance("conformance, Bun", "bun", "run-here.mjs", bun, ["bun"]),
  conformance("conformance, Vercel's edge runtime", "edge", "run-edge.mjs"),
  conformance("conformance, workerd", "workerd", "run-workerd.mjs"),
  nodeTests("keys in time, workerd", ["workerd"], ["tests/time/workerd"]),
  browserConformance("conformance, Chromium", "chromium"),
  browserConformance("conformance, Firefox", "firefox"),
  browserConformance("conformance, WebKit", "webkit"),
  nodeTests("demo", ["browsers"], ["tests/demo"]),
];

/** The words that `npm test -- <selector>` takes. */
export const selectors = ["rust", "node", "nodes", "deno", "bun", "edge", "workerd", "browsers"];

function rust(name, command) {
  return { name, selectors: ["rust"], command: () => command };
}

// WebKitGTK's driver needs a display, Safari's does not.
function display(browser) {
  return browser === "webkit" && process.platform !== "darwin" ? ["xvfb-run", "-a"] : [];
}

function wasm(name, browser, engine, flags) {
  const command = (found) => [...display(browser), "wasm-pack", "test", "--headless", ...flags(found[browser].driver)];
  const proof = `Running headless tests in ${engine} on `;
  return { name, selectors: ["browsers"], needs: browser, command, count: countLibtest, proof, env: withoutDrivers };
}

// wasm-bindgen's test runner takes the first driver that any variable names, whatever wasm-pack was told.
function withoutDrivers(env) {
  const { CHROMEDRIVER, GECKODRIVER, SAFARIDRIVER, MSEDGEDRIVER, ...rest } = env;
  return rest;
}

function nodeTests(name, chosenBy, folders) {
  const command = () => ["node", "--test", "--test-reporter=spec", ...globTests(folders)];
  return { name, selectors: chosenBy, command, count: countNodeTest, build: true };
}

function conformance(name, selector, file, runtime = () => ["node"], args = []) {
  const command = () => [...runtime(), `tests/conformance/${file}`, ...args];
  return { name, selectors: [selector], command, count: countConformance, build: true };
}

/** Without any permission but to read the environment, which QUnit asks. */
function deno() {
  const options = ["--no-config", "--no-lock", "--node-modules-dir=manual", "--no-remote", "--allow-env"];
  return [binary("@deno", "deno"), "run", ...options];
}

/** Its package takes the binary to itself, where npm runs what packages do after they are installed. */
function bun() {
  const apart = binary("@oven", "bin/bun");
  return [existsSync(apart) ? apart : join(root, "node_modules/bun/bin/bun.exe")];
}

/** npm installs the package of this platform's binary alone. */
function binary(scope, path) {
  const folder = join(root, "node_modules", scope);
  return join(folder, readdirSync(folder)[0], path);
}

function browserConformance(name, browser) {
  const command = () => [...display(browser), "node", "tests/conformance/run-browser.mjs", browser];
  return { name, selectors: ["browsers"], needs: browser, command, count: countConformance, build: true };
}
