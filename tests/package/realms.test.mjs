// Objects of another realm, as in jsdom, Jest and Vercel's edge: their classes are not this realm's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

import { createHanko } from "hanko-edge";
import { createTestHanko } from "hanko-edge/testing";

const copied = runInNewContext("(bytes) => Uint8Array.from(bytes)");

/** An answer whose body comes in chunks that `made` makes of its bytes. */
async function rechunked(answer, made) {
  const chunk = made(new Uint8Array(await answer.arrayBuffer()));
  const body = new ReadableStream({ start: (controller) => (controller.enqueue(chunk), controller.close()) });
  return new Response(body, { status: answer.status, headers: answer.headers });
}

async function signedIn(made) {
  const server = await createTestHanko();
  const fetch = async (request) => rechunked(await server.fetch(request), made);
  const { token } = await server.createSession((await server.createUser()).user_id);
  const { status, code } = await createHanko({ apiUrl: server.apiUrl, fetch, mode: "remote" }).authenticate(token);
  return code ?? status;
}

test("the chunks of a body may be bytes of another realm", async () => {
  assert.ok(!(copied([1]) instanceof Uint8Array));
  assert.equal(await signedIn(copied), "signed-in");
});

test("a chunk that is no bytes is no answer", async () => {
  for (const made of [() => "text", () => [1, 2], () => ({ length: 2 ** 40 }), () => 5])
    assert.equal(await signedIn(made), "response_invalid");
  for (const made of [(bytes) => new DataView(bytes.buffer), (bytes) => Uint16Array.from(bytes, (byte) => byte + 256)])
    assert.notEqual(await signedIn(made), "internal_error");
});
