// One cold start in a Node process of its own: `node process.mjs <contestant>`, the token on standard input.
import { readFileSync } from "node:fs";

import { timeCold } from "./time.mjs";

const given = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(await timeCold(() => import(`./${process.argv[2]}.mjs`), given)));
