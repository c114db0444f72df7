/** Rows as tests of node:test. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { rows } from "../suite/index.mjs";

/**
 * Registers the rows of this server's version.
 *
 * @param {object} options
 * @param {(row: object) => boolean} [options.chosen] Which rows; by default all.
 * @param {Record<string, string | undefined>} options.missing Why a need is not met, by its name; undefined where it is.
 * @returns how many rows will run, and how many are skipped
 */
export function register(name, subject, { chosen = () => true, missing }) {
  const known = rows().filter((row) => chosen(row) && (row.version ?? subject.version) === subject.version);
  const reason = (row) => row.needs && missing[row.needs];
  describe(name, () => {
    for (const row of known) test(row.name, { skip: reason(row) ?? false }, (t) => row.run(subject, t));
    after(() => subject.leave());
  });
  const skipped = known.filter(reason).length;
  assert.ok(known.length > skipped, `${name}: no row runs`);
  return { run: known.length - skipped, skipped };
}
