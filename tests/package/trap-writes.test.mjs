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

/** Somebody at a test server which holds one step of his profile flow back for 50 ms, and what it was asked. */
async function patching(step) {
  const { createTestHanko } = await import(new URL("testing.js", dist));
  const server = await createTestHanko();
  const { token } = await server.createSession((await server.createUser()).user_id);
  server.break({ delayMs: 50, times: 1 }, step);
  const hanko = createHanko({ apiUrl: server.apiUrl, fetch: server.fetch });
  const sent = () => server.requests.map(({ path }) => /action=(\w+)/.exec(path)?.[1] ?? path).join(" ");
  return { patch: hanko.patchUnsafeMetadata({ a: 1 }, { token }), sent };
}

const STEPS = "/profile register_client_capabilities patch_metadata";

test("a patch that is under way at step 3 while another call traps is outcome_unknown and was sent once", async () => {
  const { patch, sent } = await patching("/profile?action=patch");
  const writing = assert.rejects(patch, { code: "outcome_unknown", kind: "unavailable" });
  while (!sent().endsWith("patch_metadata")) await delay(1);
  await trapAnotherCall();
  await writing;
  await delay(100);
  assert.equal(sent(), STEPS);
});

test("a patch that is under way before step 3 is begun anew and written once", async () => {
  const { patch, sent } = await patching("/profile");
  await delay(10);
  await trapAnotherCall();
  assert.deepEqual((await patch).unsafe_metadata, { a: 1 });
  await delay(100);
  assert.equal(sent(), `/profile ${STEPS}`);
});

test("a patch that itself traps after step 3 is outcome_unknown", async () => {
  const { patch, sent } = await patching("/profile?action=patch");
  const writing = assert.rejects(patch, { code: "outcome_unknown" });
  while (!sent().endsWith("patch_metadata")) await delay(1);
  instance(() => assert.fail("the module is kept")).glue.trap_next_poll("panic");
  await writing;
});
