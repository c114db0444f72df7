// `npm run bench`: measures, prints the goals met and missed, and writes RESULTS.md.
//
//   --quick         fewer and shorter rounds
//   --tokens <n>    how many tokens the row of memory takes; 1000000 by default, which lasts minutes
//   --print         prints and writes nothing
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { judge } from "./goals.mjs";
import { describeMachine } from "./machine.mjs";
import { measureAll } from "./measure.mjs";
import { write } from "./results.mjs";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    tokens: { type: "string", default: "1000000" },
    print: { type: "boolean", default: false },
  },
});
const tokens = Number(values.tokens);
if (!Number.isInteger(tokens / 20_000) || tokens <= 0) throw new Error("--tokens must be a multiple of 20000");

const machine = describeMachine();
const measured = await measureAll({ quick: values.quick, tokens }, (step) => console.error(`measuring: ${step}`));
const rows = judge(measured);
for (const { met, figure, goal, value, times } of rows) {
  console.log(`${met ? "met   " : "MISSED"}  ${figure}: ${value}, goal ${goal}${times && `; ${times}`}`);
}
const text = write({ machine, rows, measured });
if (values.print) console.log(`\n${text}`);
else writeFileSync(new URL("RESULTS.md", import.meta.url), text);
