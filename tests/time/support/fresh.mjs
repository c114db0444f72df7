/** The CommonJS package as nobody has used it yet: its parts share one core, so all of them are loaded again. */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export function fresh(entry) {
  for (const path of Object.keys(require.cache)) if (path.includes("/hanko-edge/dist/")) delete require.cache[path];
  return require(entry);
}
