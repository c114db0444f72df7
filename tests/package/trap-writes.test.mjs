/** A write is never sent twice: where a trap takes its call down, nobody knows what became of it. Runs target/pkg-trap. */
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as delay } from "node:timers/promises";

const dist = new URL("../../target/pkg-trap/dist/", import.meta.url);
const { createHanko } = await import(new URL("index.js", dist));
const { createAdmin } = await import(new URL("admin.js", dist));
const { instance } = await import(new URL("core.js", dist));

const ID = "4f3c2e1a-9b7d-4c55-8a10-6d2f0e9b1c34";

/** Arms a trap for the next call that is polled, which is one of its own. */
async function trapAnotherCall() {
  instance(() => assert.fail("the module is kept")).glue.trap_next_poll("panic");
  const other = createHanko({ apiUrl: "https://other.hanko.test", fetch: () => Response.json({ keys: [] }) });
  await assert.rejects(other.reloadKeys(), { code: "internal_error" });
}

/** An Admin API that answers after 50 ms, and what it was asked. */
function served() {
  const asked = [];
  const fetch = async ({ method }) => {
    asked.push(method);
    await delay(50);
    return method === "GET" ? Response.json({ public_metadata: {} }) : new Response(null, { status: 204 });
  };
  return { asked, admin: createAdmin({ apiUrl: "https://admin.hanko.test", fetch }) };
}

const writes = {
  deleteUser: (admin) => admin.deleteUser(ID),
  createSession: (admin) => admin.createSession(ID),
  patchMetadata: (admin) => admin.patchMetadata(ID, { public_metadata: { a: 1 } }),
};

for (const [name, write] of Object.entries(writes)) {
  test(`${name}, under way while another call traps, is outcome_unknown and was sent once`, async () => {
    const { admin, asked } = served();
    const writing = assert.rejects(write(admin), { code: "outcome_unknown", kind: "unavailable" });
    await delay(10);
    await trapAnotherCall();
    await writing;
    await delay(100);
    assert.equal(asked.length, 1);
  });
}

test("a reading is repeated on the new instance", async () => {
  const { admin, asked } = served();
  const reading = admin.getMetadata(ID);
  await delay(10);
  await trapAnotherCall();
  assert.deepEqual((await reading).public_metadata, {});
  assert.deepEqual(asked, ["GET", "GET"]);
});
