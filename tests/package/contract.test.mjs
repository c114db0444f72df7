// Compares the declared types with the public contract, which is kept beside the repository.
import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import ts from "typescript";

import { COMPILER_OPTIONS, namesOf, surfaceOf } from "./surface.mjs";
import { root } from "./tarball.mjs";

const contract = join(root, "../shared/contract");
const entryOf = { index: "hanko-edge" };
const exportsOf = JSON.parse(readFileSync(join(root, "node_modules/hanko-edge/package.json"), "utf8")).exports;

const reason = `the contract is not there (${contract})`;
const skip = !existsSync(contract) && process.env.CI !== "true" && reason;
if (skip) console.log(`skipped: comparison with the contract: ${reason}`);

test("the package lacks nothing that the contract names", { skip }, () => {
  assert.ok(existsSync(contract), reason);
  const missing = contractModules().flatMap((module) => {
    if (!hasEntry(module)) return [module];
    const present = namesOf(surface(packageTypes(module)));
    return namesOf(surface(join(contract, `${module}.d.ts`)))
      .filter((name) => !present.includes(name))
      .map((name) => `${module} ${name}`);
  });
  assert.deepEqual(missing, []);
});

test("what both declare is assignable in both directions", { skip }, () => {
  assert.ok(existsSync(contract), reason);
  inWorkFolder((folder) => {
    const modules = contractModules().filter(hasEntry);
    assert.ok(modules.includes("index") && modules.includes("testing"));
    for (const module of modules) {
      copyFileSync(join(contract, `${module}.d.ts`), join(folder, `contract/${module}.d.ts`));
    }
    const checks = modules.map((module) => writeAssignments(folder, module));
    const program = ts.createProgram(
      checks.map(({ path }) => path),
      COMPILER_OPTIONS,
    );
    assert.deepEqual(problemsOf(program), []);
    assert.ok(checks.reduce((sum, { count }) => sum + count, 0) >= 60);
  });
});

function contractModules() {
  return readdirSync(contract)
    .map((name) => name.replace(/\.d\.ts$/, ""))
    .sort();
}

const specifier = (module) => entryOf[module] ?? `hanko-edge/${module}`;
const subpath = (module) => specifier(module).replace("hanko-edge", ".");
const hasEntry = (module) => Object.hasOwn(exportsOf, subpath(module));
const packageTypes = (module) => join(root, "node_modules/hanko-edge", exportsOf[subpath(module)].import.types);

function surface(path) {
  return surfaceOf(ts.createProgram([path], COMPILER_OPTIONS), path);
}

/** One pair of assignments for every export of the contract. */
function writeAssignments(folder, module) {
  const names = surface(join(folder, `contract/${module}.d.ts`));
  const lines = names.flatMap(({ name, kind, generic }) => {
    const types =
      kind === "value" ? ["typeof NS.NAME"] : ["NS.NAME", ...(generic ? ["NS.NAME<{ role: string }>"] : [])];
    return types.flatMap((type) => [
      assignment(type, name, "Contract", "Package"),
      assignment(type, name, "Package", "Contract"),
    ]);
  });
  const imports = [
    `import type * as Contract from "./contract/${module}.js";`,
    `import type * as Package from "${specifier(module)}";`,
  ];
  const path = join(folder, `${module}.ts`);
  writeFileSync(path, [...imports, "export const checks = [", ...lines, "];"].join("\n"));
  return { path, count: lines.length };
}

function assignment(type, name, from, to) {
  const spelt = (namespace) => type.replace("NS", namespace).replace("NAME", name);
  return `  (given: ${spelt(from)}): ${spelt(to)} => given,`;
}

function problemsOf(program) {
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const { file, start } = diagnostic;
    const line = file ? file.text.slice(0, start).split("\n").length - 1 : 0;
    const text = file ? file.text.split("\n")[line].trim() : "";
    return `${file?.fileName.split("/").at(-1)}: ${text}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`;
  });
}

/** A folder below the repository's own, so that `hanko-edge` resolves to the packed package. */
function inWorkFolder(use) {
  mkdirSync(join(root, "target"), { recursive: true });
  const folder = mkdtempSync(join(root, "target/contract-"));
  try {
    mkdirSync(join(folder, "contract"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
