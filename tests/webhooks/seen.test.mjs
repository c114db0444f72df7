// The default memory of event ids.
import assert from "node:assert/strict";
import { test } from "node:test";

import { webhookRoute } from "hanko-edge/webhooks";

import { later } from "../stores/clock.mjs";
import { bodyOf, ISSUED_AT, post, trusting } from "./support.mjs";

function counting() {
  let count = 0;
  return { onEvent: () => void (count += 1), told: () => count };
}

const login = (mark) => bodyOf("user.login", {}, mark);

test("an event reaches onEvent once, however many routes are made with it and however many replays come at once", async () => {
  const { onEvent, told } = counting();
  const routes = Array.from({ length: 20 }, () => webhookRoute(trusting, { onEvent }));
  const responses = await Promise.all(routes.map((route) => post(route, login("a"))));
  assert.ok(responses.every(({ status }) => status === 204));
  assert.equal(told(), 1);
  await post(routes[0], login("b"));
  assert.equal(told(), 2);
});

test("Hanko sends all hooks one token: another onEvent hears of it too", async () => {
  const [one, other] = [counting(), counting()];
  for (const { onEvent } of [one, other]) {
    const route = webhookRoute(trusting, { onEvent });
    for (let time = 0; time < 3; time++) await post(route, login("a"));
  }
  assert.deepEqual([one.told(), other.told()], [1, 1]);
});

test("an id is remembered for as long as its token can live, 10 minutes from iat on", async () => {
  const { onEvent, told } = counting();
  const route = webhookRoute(trusting, { onEvent });
  const at = (seconds) => later(ISSUED_AT + seconds * 1000 - Date.now(), () => post(route, login("a")));
  for (const [seconds, count] of [
    [1, 1],
    [299, 1],
    [590, 1],
    [601, 2],
  ]) {
    await at(seconds);
    assert.equal(told(), count, `${seconds} s`);
  }
});

test("10000 ids are held; then the oldest gives way", async () => {
  const { onEvent, told } = counting();
  const route = webhookRoute(trusting, { onEvent });
  for (let mark = 0; mark < 10_000; mark++) await post(route, login(mark));
  assert.equal(told(), 10_000);
  await post(route, login(0));
  assert.equal(told(), 10_000, "all are held");
  await post(route, login("one more"));
  await post(route, login(1));
  assert.equal(told(), 10_001, "the second oldest is held");
  await post(route, login(0));
  assert.equal(told(), 10_002, "the oldest is not");
});
