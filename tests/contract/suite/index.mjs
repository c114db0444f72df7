/** The contract: one list of rows, whatever Hanko is asked. */
import { adminMetadata } from "./admin-metadata.mjs";
import { adminSessions } from "./admin-sessions.mjs";
import { adminUsers } from "./admin-users.mjs";
import { answers } from "./answers.mjs";
import { carriers } from "./carriers.mjs";
import { cors } from "./cors.mjs";
import { endings } from "./endings.mjs";
import { flow } from "./flow.mjs";
import { idle } from "./idle.mjs";
import { keys } from "./keys.mjs";
import { signIn } from "./login.mjs";
import { merge } from "./merge.mjs";
import { packageAdmin } from "./package-admin.mjs";
import { packageMetadata } from "./package-metadata.mjs";
import { packageUsers } from "./package-users.mjs";
import { users } from "./users.mjs";
import { validate } from "./validate.mjs";
import { webhooks } from "./webhooks.mjs";

const parts = {
  ...{ answers, keys, validate, carriers, endings, idle, users, flow, merge },
  ...{ "admin users": adminUsers, "admin sessions": adminSessions, "admin metadata": adminMetadata },
  ...{ cors, webhooks, login: signIn },
  ...{ "package, users": packageUsers, "package, metadata": packageMetadata, "package, admin": packageAdmin },
};

/**
 * Every row, in order.
 *
 * @returns {{ name: string, version?: "2.7" | "3.0", needs?: string, run: (hanko: Subject, t: TestContext) => Promise<void> }[]}
 *   `version`: only there; `needs`: what a server has to have, or be set to.
 */
export function rows() {
  return Object.entries(parts).flatMap(([part, describe]) => {
    const found = [];
    const add = (name, run, more = {}) => found.push({ name: `${part}: ${name}`, run, ...more });
    const row = (name, run) => add(name, run);
    row.only = (version, name, run) => add(name, run, { version });
    row.needs = (needs, name, run, version) => add(name, run, { needs, ...(version && { version }) });
    describe(row);
    return found;
  });
}
