/** A test server, a session there, and calls about it in whatever stage: with what each cost. */
import assert from "node:assert/strict";

import { counted, serverWithSession } from "./hanko.mjs";

/** @param options of the client, `timeout` among them */
export async function person(stage, options) {
  const known = await serverWithSession();
  const client = { ...stage.reach(known.server), ...options };
  /** The outcome, and the requests that it took. */
  const call = (what, deadline) =>
    counted(known.server, () => stage.call({ client, token: known.token, ...what }, deadline));
  /** The outcome alone. */
  const ask = async (what, deadline) => (await call(what, deadline)).result;
  return { ...known, client, call, ask };
}

/** The same, after a first call that went well. */
export async function warm(stage, options) {
  const known = await person(stage, options);
  assert.equal((await known.ask()).status, "signed-in");
  return known;
}
