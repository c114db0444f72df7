import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { publint } from "publint";

import { root, tarballPath } from "./tarball.mjs";

test("publint has nothing to say about the tarball", async () => {
  const tarball = readFileSync(tarballPath());
  const pack = { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) };
  const { messages, pkg } = await publint({ pack, level: "suggestion", strict: true });
  assert.equal(pkg.name, "hanko-edge");
  assert.deepEqual(messages, []);
});

test("the types resolve everywhere, as attw sees it", () => {
  const attw = join(root, "node_modules/.bin/attw");
  const args = [tarballPath(), "--exclude-entrypoints", "core.wasm", "--no-definitely-typed", "--format", "json"];
  const { analysis } = JSON.parse(execFileSync(attw, args, { encoding: "utf8", maxBuffer: 2 ** 26 }));
  assert.deepEqual(Object.keys(analysis.entrypoints).sort(), [
    ".",
    "./admin",
    "./package.json",
    "./slim",
    "./stores",
    "./testing",
    "./webhooks",
  ]);
  assert.deepEqual(analysis.problems, []);
});
