// Hanko gives up after 10 s: after 8 s the route answers, and the work goes on where the host lets it.
import assert from "node:assert/strict";
import { after, before, mock, test } from "node:test";

import { webhookRoute } from "hanko-edge/webhooks";

import { bodyOf, post, recorded, trusting } from "./support.mjs";

before(() => mock.timers.enable({ apis: ["setTimeout"] }));
after(() => mock.timers.reset());

const body = bodyOf("user.delete", { id: "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34" });

/** Lets promises and streams settle while timers stand still. */
async function settle() {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** An answer, or undefined where there is none yet. */
async function statusOf(answered) {
  await settle();
  return Promise.race([answered.then(({ status }) => status), new Promise((resolve) => setImmediate(resolve))]);
}

/** Work that ends when it is told to. */
function held() {
  let release;
  const done = new Promise((resolve) => (release = resolve));
  return { done, release };
}

function keeping() {
  const kept = [];
  return {
    kept,
    waitUntil(promise) {
      if (this?.kept !== kept) throw new TypeError("Illegal invocation");
      kept.push(promise);
    },
  };
}

for (const [step, place] of [
  ["verifyWebhook", (work) => [{ verifyWebhook: async (given) => (await work.done, trusting.verifyWebhook(given)) }]],
  ["the list", (work) => [trusting, { revocations: { isRevoked() {}, revoke() {}, revokeUser: () => work.done } }]],
  ["seen", (work) => [trusting, { seen: { add: () => work.done.then(() => true) } }]],
  ["onEvent", (work) => [trusting, { onEvent: () => work.done }]],
]) {
  test(`${step} is slow: 202 after 8 s with waitUntil, where the work goes on, and 503 without`, async () => {
    for (const context of [keeping(), undefined, {}]) {
      const work = held();
      let told = 0;
      const [client, options] = place(work);
      const counting = () => void (told += 1);
      const route = webhookRoute(client, { onEvent: counting, ...options });
      const answered = post(route, body, context);
      await settle();
      mock.timers.tick(7_999);
      assert.equal(await statusOf(answered), undefined);
      mock.timers.tick(1);
      assert.equal(await statusOf(answered), context?.waitUntil ? 202 : 503);
      work.release();
      if (context?.waitUntil) {
        assert.equal(context.kept.length, 1);
        await context.kept[0];
      }
      await settle();
      if (step !== "onEvent") assert.equal(told, 1, "the work went on");
    }
  });
}

test("work is kept from the first moment: a sender who hangs up ends nothing", async () => {
  const [context, work] = [keeping(), held()];
  const route = webhookRoute(trusting, { onEvent: () => work.done });
  const answered = post(route, body, context);
  await settle();
  assert.equal(context.kept.length, 1);
  work.release();
  assert.equal((await answered).status, 204);
  await context.kept[0];
});

test("a waitUntil that throws is none, and what is kept never rejects", async () => {
  const throwing = {
    waitUntil() {
      throw new Error("no");
    },
  };
  const work = held();
  const late = post(webhookRoute(trusting, { onEvent: () => work.done }), body, throwing);
  await settle();
  mock.timers.tick(8_000);
  assert.equal(await statusOf(late), 503);
  const context = keeping();
  const misused = { verifyWebhook: () => Promise.reject({ kind: "misuse", code: "not_ready" }) };
  await assert.rejects(post(webhookRoute(misused), body, context));
  await context.kept[0];
});

test("a body that does not come is 503 after 8 s, waitUntil or not: nothing is known of it, and it is read no further", async () => {
  for (const context of [keeping(), undefined]) {
    let cancelled = false;
    const stream = new ReadableStream({
      start: (stream) => stream.enqueue(new TextEncoder().encode("{")),
      cancel: () => void (cancelled = true),
    });
    const { route, names } = recorded();
    const answered = post(route, stream, context);
    await settle();
    mock.timers.tick(8_000);
    assert.equal(await statusOf(answered), 503);
    await settle();
    assert.deepEqual([cancelled, names()], [true, []]);
  }
});

test("a waitUntil that is async, and fails, is nobody's concern", async () => {
  const failing = { waitUntil: () => Promise.reject(new Error("no")) };
  assert.equal((await post(webhookRoute(trusting), body, failing)).status, 204);
  await settle(); // A rejection that nobody handles would fail the test.
});

test("verifyWebhook is lent the waitUntil, and hears when it throws", async () => {
  const context = keeping();
  const client = {
    async verifyWebhook(given, { waitUntil }) {
      waitUntil(Promise.resolve("renewed"));
      return trusting.verifyWebhook(given);
    },
  };
  assert.equal((await post(webhookRoute(client), body, context)).status, 204);
  assert.equal(context.kept.length, 2);
  const unbound = { waitUntil: () => assert.fail("Illegal invocation") };
  await assert.rejects(post(webhookRoute(client), body, unbound), /Illegal invocation/);
});

test("an answer leaves no timer behind", async () => {
  mock.timers.reset();
  for (const sent of [body, "{}", "x"]) await post(webhookRoute(trusting), sent);
  const timers = process.getActiveResourcesInfo().filter((one) => one === "Timeout");
  assert.deepEqual(timers, []);
});
