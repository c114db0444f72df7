// Runs one snippet in an empty project where the package is installed: node run-in-node.mjs <snippet>
import { pathToFileURL } from "node:url";

import { createTestHanko } from "hanko-edge/testing";

import { API_URL, probe } from "./probe.mjs";

const server = await createTestHanko({ apiUrl: API_URL });
const elsewhere = globalThis.fetch;
globalThis.fetch = (input, init) => (isHanko(input) ? server.fetch : elsewhere)(input, init);
process.env.HANKO_API_URL = API_URL;

const { handler } = await import(pathToFileURL(process.argv[2]));
if (handler) console.log(JSON.stringify(await probe(server, handler)));

function isHanko(input) {
  return (input.url ?? String(input)).startsWith(API_URL);
}
