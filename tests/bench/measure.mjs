/** All measurements of one run, one after the other. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { decodeToken } from "hanko-edge";

import { measureBorder } from "./border.mjs";
import { measureCold, measureCompiled } from "./cold.mjs";
import { createFixture } from "./fixture.mjs";
import { measureLoad } from "./load.mjs";
import { measureMemory } from "./memory.mjs";
import { PREVIEWS } from "./metadata.mjs";
import { namedWasm } from "./named-wasm.mjs";
import { measureRequests } from "./requests.mjs";
import { RUNTIMES } from "./runtimes.mjs";
import { measureSize } from "./size.mjs";

const FIGURES = ["verify", "again", "revocation", "decode", "forged signature", "forged alg", ...Object.keys(PREVIEWS)];
const FULL = { rounds: 25, blockMs: 100, coldRounds: 25, loadRounds: 7, loadSeconds: 3 };
const QUICK = { rounds: 7, blockMs: 60, coldRounds: 7, loadRounds: 2, loadSeconds: 2 };

/**
 * @param {{ quick: boolean, tokens: number }} options `tokens`: how many the row of memory takes
 * @param {(step: string) => void} tell hears what is measured next
 */
export async function measureAll({ quick, tokens }, tell) {
  const { rounds, blockMs, coldRounds, loadRounds, loadSeconds } = quick ? QUICK : FULL;
  const measured = { speed: {}, cold: {}, load: {}, rounds: { rounds, blockMs, coldRounds, loadRounds, loadSeconds } };
  tell("tokens");
  const named = namedWasm(); // It says now, not at the end, where there is nothing to profile.
  const fixture = await createFixture();
  for (const [runtime, measure] of Object.entries(RUNTIMES)) {
    tell(`speed in ${runtime}`);
    measured.speed[runtime] = await measure({ fixture, figures: FIGURES, rounds, blockMs });
  }
  const [token] = fixture.tokens;
  const given = { apiUrl: fixture.apiUrl, jwks: fixture.jwks, token, subject: decodeToken(token).claims.subject };
  for (const runtime of Object.keys(RUNTIMES)) {
    tell(`cold starts in ${runtime}`);
    measured.cold[runtime] = await measureCold(runtime, given, coldRounds);
  }
  measured.compiled = measureCompiled(given);
  for (const kind of ["verifying", "canned", "distant"]) {
    tell(`a Worker under load, its Hanko ${kind}`);
    measured.load[kind] = await measureLoad(kind, { rounds: loadRounds, seconds: loadSeconds });
  }
  tell("parts");
  measured.border = await measureBorder(fixture, { rounds, blockMs });
  tell("requests");
  measured.requests = await measureRequests();
  tell("size");
  measured.size = await measureSize(named);
  tell(`memory, ${tokens} tokens`);
  measured.memory = await measureMemory(tokens);
  tell("profiles");
  const script = fileURLToPath(new URL("profile.mjs", import.meta.url));
  measured.profiles = JSON.parse(execFileSync(process.execPath, [script, "--json"], { encoding: "utf8" }));
  return measured;
}
