import { assertHankoError, assertNotSignedIn, failureOf } from "../support/outcomes.mjs";
import { freshApiUrl, KEYS, keyDocument, serve } from "../support/servers.mjs";

export function carriers(QUnit, { hanko, vectors, runtime }) {
  const { extractionCases: cases, runtimeRows } = vectors;
  const rows = Object.fromEntries(
    runtimeRows.filter((row) => row.runtimes.includes(runtime)).map((row) => [row.desc, row]),
  );

  QUnit.module("carriers");

  QUnit.test("there are 49 cases, and every row of this runtime names one", (assert) => {
    assert.strictEqual(cases.length, 49);
    const known = cases.map(({ desc }) => desc);
    assert.deepEqual(
      Object.keys(rows).filter((desc) => !known.includes(desc)),
      [],
    );
  });

  for (const { desc, headers: lines, cookieName, expect } of cases) {
    const row = rows[desc];
    const reason = row ? ` (${runtime}: ${row.reason})` : "";
    if (row?.instead === "refused") {
      QUnit.test(`${desc}${reason}`, (assert) => assert.throws(() => headersOf(lines), TypeError));
      continue;
    }
    const expected = row ? row.instead : expect;

    QUnit.test(`readToken: ${desc}${reason}`, async (assert) => {
      if (row) assert.notDeepEqual(row.instead, expect, "a row differs from what the case expects");
      const headers = headersOf(lines);
      if (expected.token) return assert.deepEqual(hanko.readToken(headers, { cookieName }), expected);
      const error = await failureOf(assert, () => hanko.readToken(headers, { cookieName }));
      assertHankoError(assert, hanko, error, [expected.code, ...(expected.alsoOk ?? [])], secretsOf(lines));
    });

    QUnit.test(`authenticate: ${desc}${reason}`, async (assert) => {
      const apiUrl = freshApiUrl("carrier");
      const { fetch, stray } = serve(apiUrl, { [KEYS]: keyDocument(vectors.attackTokens.jwks) });
      const client = hanko.createHanko({ apiUrl, cookieName, fetch });
      const auth = await client.authenticate(headersOf(lines), { mode: "local" });
      assertNotSignedIn(assert, auth, authenticateCodes(desc, expected), secretsOf(lines));
      assert.deepEqual(stray, []);
    });
  }
}

/** The tokens of the cases can never verify: where one is found, and where several cookies are tried, no key fits. */
function authenticateCodes(desc, { token, code, alsoOk = [] }) {
  const tried = token !== undefined || desc === "two different hanko cookies (cookie tossing)";
  return tried ? ["key_not_found"] : [code, ...alsoOk];
}

function headersOf(lines) {
  const headers = new Headers();
  for (const [name, value] of lines) headers.append(name, value);
  return headers;
}

const secretsOf = (lines) => lines.flatMap(([, value]) => value.match(/[\w-]{16,}/g) ?? []);
