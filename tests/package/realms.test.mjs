// Objects of another realm, as in jsdom, Jest and Vercel's edge: their classes are not this realm's.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

import { createHanko } from "hanko-edge";
import { createTestHanko } from "hanko-edge/testing";
import { whileServing } from "../time/support/http.mjs";

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

test("undici's own fetch, whose Request is another, is given an address and what to send", async () => {
  const { fetch } = createRequire(import.meta.resolve("miniflare"))("undici");
  const hanko = await createTestHanko();
  const answer = async (request, response) => {
    const { method, headers, url } = request;
    const body = await buffer(request);
    const said = await hanko.fetch(hanko.apiUrl + url, { method, headers, ...(body.length && { body }) });
    response.writeHead(said.status, Object.fromEntries(said.headers)).end(await said.text());
  };
  const { token } = await hanko.createSession((await hanko.createUser()).user_id);
  await whileServing(answer, async ({ url }) => {
    const options = { apiUrl: url, allowInsecure: true, mode: "remote" };
    const client = createHanko({ ...options, fetch: (request) => fetch(request.url, request) });
    assert.equal((await client.authenticate(token)).status, "signed-in");
    assert.deepEqual((await client.patchUnsafeMetadata({ a: 1 }, { token })).unsafe_metadata, { a: 1 });
    const bare = createHanko({ ...options, fetch });
    assert.equal(await bare.getCurrentUser({ token }).catch(({ code }) => code), "network_error");
  });
});

test("an address may be a URL of another realm, known by its tag", () => {
  const url = { [Symbol.toStringTag]: "URL", toString: () => "https://hanko.example.com" };
  assert.ok(createHanko({ apiUrl: url }));
  assert.throws(() => createHanko({ apiUrl: { toString: url.toString } }), { code: "config_invalid" });
});
