// Test files by name: Node 20's `node --test` takes no glob of its own.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./processes.mjs";

/**
 * The `*.test.mjs` files of these folders.
 *
 * @throws {Error} when a folder has none, for then `node --test` would go looking elsewhere
 */
export function globTests(folders) {
  return folders.flatMap((folder) => {
    const files = readdirSync(join(root, folder)).filter((name) => name.endsWith(".test.mjs"));
    if (files.length === 0) throw new Error(`${folder} has no *.test.mjs`);
    return files.sort().map((name) => join(folder, name));
  });
}
