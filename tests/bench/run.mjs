// `npm run bench`: measures, prints the goals met and missed, and writes RESULTS.md.
//
//   --quick         fewer and shorter rounds; prints the results and writes nothing
//   --tokens <n>    how many tokens the row of memory takes; 1000000 by default, which lasts minutes
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
  },
});
const tokens = Number(values.tokens);
if (!Number.isInteger(tokens / 20_000) || tokens <= 0) throw new Error("--tokens must be a multiple of 20000");

const machine = describeMachine();
const measured = await measureAll({ quick: values.quick, tokens }, (step) => console.error(`measuring: ${step}`));
const rows = judge(measured);
for (const { met, sure, figure, goal, value, times } of rows) {
  console.log(
    `${met ? "met   " : "MISSED"}  ${figure}: ${value}, goal ${goal}${times && `; ${times}`}${sure ? "" : "; the goal is within the quartiles"}`,
  );
}
const text = write({ machine, rows, measured });
if (values.quick) console.log(`\n${text}`);
else writeFileSync(new URL("RESULTS.md", import.meta.url), text);
