import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const LOADERS = { static: "static.js", inline: "index.js" };

/**
 * Bundles an entry point of this folder, and checks which of the package's two loaders went into it.
 *
 * @param {string} entry
 * @param {{ flavour: "static" | "inline", conditions?: string[] } & import("esbuild").BuildOptions} options
 * @returns {Promise<string>} the bundle's text
 */
export async function bundle(entry, { flavour, conditions, ...more }) {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    metafile: true,
    ...more,
    ...(conditions && { conditions }),
  });
  const loaded = Object.keys(metafile.inputs).map((path) => path.match(/node_modules\/hanko-edge\/dist\/(.+)$/)?.[1]);
  for (const [name, file] of Object.entries(LOADERS)) assert.equal(loaded.includes(file), name === flavour, file);
  return outputFiles[0].text;
}
