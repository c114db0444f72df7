import assert from "node:assert/strict";
import { test } from "node:test";

import { get, isValid, signedIn, validate } from "./support.mjs";

test("database-away: no to everybody, the key document 500, the health check well; null ends it", async () => {
  const { hanko, token, cookie } = await signedIn();
  const headers = { cookie };
  const look = async () => [
    await isValid(hanko, token),
    (await get(hanko, "/me", { headers })).status,
    (await get(hanko, "/.well-known/jwks.json")).status,
    (await get(hanko, "/")).status,
    (await get(hanko, "/health/ready")).status,
  ];
  const well = [true, 200, 200, 200, 200];
  assert.deepEqual(await look(), well);
  hanko.setOutage("database-away");
  assert.deepEqual(await look(), [false, 401, 500, 500, 200]);
  assert.equal((await get(hanko, "/logout", { method: "POST", headers })).status, 401);
  hanko.setOutage(null);
  assert.deepEqual(await look(), well, "the session has survived");
});

test("crowded: about the recorded shares, and the same answers each time", async () => {
  const { hanko, token, cookie } = await signedIn();
  const series = async (ask) => {
    hanko.setOutage("crowded");
    const answers = [];
    for (let call = 0; call < 1500; call += 1) answers.push(await ask());
    return answers;
  };
  const asks = {
    validate: () => isValid(hanko, token),
    me: async () => (await get(hanko, "/me", { headers: { cookie } })).status,
    keys: async () => (await get(hanko, "/.well-known/jwks.json")).status,
  };
  const validates = await series(asks.validate);
  assert.deepEqual(await series(asks.validate), validates);
  assertShares(validates, { false: 0.05, 500: 0.06, true: 0.89 });
  assertShares(await series(asks.me), { 401: 0.05, 500: 0.2, 200: 0.75 });
  assertShares(await series(asks.keys), { 500: 0.05, 200: 0.95 });
  assert.equal((await get(hanko, "/health/alive")).status, 200);
  hanko.setOutage(null);
  assertShares(await Promise.all(Array.from({ length: 50 }, () => isValid(hanko, token))), { true: 1 });
});

test("an outage and a break are ended apart", async () => {
  const { hanko, token } = await signedIn();
  hanko.setOutage("database-away");
  hanko.break({ status: 500 });
  hanko.heal();
  assert.equal(await isValid(hanko, token), false);
  hanko.setOutage(null);
  assert.equal((await validate(hanko, token)).status, 200);
});

function assertShares(answers, shares) {
  for (const [answer, share] of Object.entries(shares)) {
    const found = answers.filter((one) => String(one) === answer).length / answers.length;
    assert.ok(Math.abs(found - share) < 0.02, `${answer}: ${found}, meant ${share}`);
  }
  assert.ok(answers.every((one) => String(one) in shares));
}
