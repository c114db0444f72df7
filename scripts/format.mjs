// `npm run format`: rustfmt and prettier, in place.
import { run } from "./processes.mjs";
import { setUp } from "./setup.mjs";

const COMMANDS = [
  ["cargo", "fmt"],
  ["prettier", "--write", "--log-level", "warn", "."],
];

const env = await setUp({ tools: false }).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
for (const [command, ...args] of COMMANDS) {
  const { code } = await run(command, args, { env, inherit: true });
  if (code !== 0) process.exitCode = 1;
}
