/** The contract suite against the Hanko that `HANKO_API_URL` and `HANKO_ADMIN_URL` name: `npm run test:hanko` runs it. */
import assert from "node:assert/strict";

import { idleTimeoutOf, isListed, reasonAgainstLogin, reasonAgainstWebhooks, versionOf } from "./support/look.mjs";
import { register } from "./support/register.mjs";
import { Subject } from "./support/subject.mjs";

/** Rows with a wait for the idle time are run where that is short. */
const LONGEST_IDLE = 15;

const { HANKO_API_URL, HANKO_ADMIN_URL, HANKO_API_KEY, HANKO_ORIGIN = "http://localhost:8888" } = process.env;
const [apiUrl, adminUrl] = [HANKO_API_URL, HANKO_ADMIN_URL].map((url) => url.replace(/\/+$/, ""));

assert.match(import.meta.resolve("hanko-edge"), /\/node_modules\/hanko-edge\/dist\/index\.js$/);

const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const about = { apiUrl, adminUrl, apiKey: HANKO_API_KEY, origin: HANKO_ORIGIN, wait };
const subject = new Subject({ ...about, version: await versionOf(apiUrl) });
subject.idleTimeout = await idleTimeoutOf(subject);

const idle = subject.idleTimeout ?? Infinity;
const counts = register(`Hanko ${subject.version === "2.7" ? "2.x" : "3.x"} at ${apiUrl}`, subject, {
  missing: {
    idle: idle > LONGEST_IDLE ? `session.idle_timeout is not set to ${LONGEST_IDLE} s or less` : undefined,
    origin: (await isListed(apiUrl, HANKO_ORIGIN)) ? undefined : `CORS does not list ${HANKO_ORIGIN}`,
    login: await reasonAgainstLogin(subject),
    webhooks: await reasonAgainstWebhooks(subject),
  },
});
console.log(`${counts.run} rows run, ${counts.skipped} are skipped`);
