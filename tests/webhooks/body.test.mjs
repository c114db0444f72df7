// Bodies: how much is read of them, and what cannot be one.
import assert from "node:assert/strict";
import { test } from "node:test";

import { misused } from "../misused.mjs";
import { bodyOf, post, recorded } from "./support.mjs";

const LIMIT = 256 * 1024;
const good = bodyOf("user.login", { name: "\u{1f600}" });
const padded = (length) => new TextEncoder().encode(good + " ".repeat(length - Buffer.byteLength(good)));

/** A body of such chunks, and what was asked of it. */
function streamOf(next) {
  const seen = { pulled: 0, cancelled: false };
  const body = new ReadableStream(
    {
      pull: (stream) => next(stream, (seen.pulled += 1)),
      cancel: () => void (seen.cancelled = true),
    },
    { highWaterMark: 0 },
  );
  return { body, seen };
}

test("256 KiB are read, one byte more is 413, whatever the length says", async () => {
  for (const [length, status] of [
    [LIMIT, 204],
    [LIMIT + 1, 413],
  ]) {
    const bytes = padded(length);
    const said = { "content-length": String(length) };
    assert.equal((await post(recorded().route, bytes, undefined, said)).status, status, `${length}, said`);
    const { body } = streamOf((stream, pull) => {
      if (pull === 1) return stream.enqueue(bytes);
      stream.close();
    });
    assert.equal((await post(recorded().route, body)).status, status, `${length}, not said`);
  }
});

test("a length that is too long is believed, and nothing is read", async () => {
  const { body, seen } = streamOf((stream) => stream.enqueue(new Uint8Array(10)));
  const { route, names } = recorded();
  assert.equal((await post(route, body, undefined, { "content-length": String(LIMIT + 1) })).status, 413);
  assert.deepEqual([seen.pulled, names()], [0, []]);
});

test("a body without end is left at the limit, and cancelled", async () => {
  const chunk = new Uint8Array(65_536).fill(0x20);
  const { body, seen } = streamOf((stream) => stream.enqueue(chunk));
  assert.equal((await post(recorded().route, body)).status, 413);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(seen.cancelled);
  assert.ok(seen.pulled <= 6, `${seen.pulled} pulls`);
});

test("a body comes in pieces of any size, characters cut in two included", async () => {
  const bytes = new TextEncoder().encode(good);
  for (const size of [1, 2, 3, 1000]) {
    const { body } = streamOf((stream, pull) => {
      const piece = bytes.subarray((pull - 1) * size, pull * size);
      if (piece.length > 0) stream.enqueue(piece);
      else stream.close();
    });
    const { route, done } = recorded();
    assert.equal((await post(route, body)).status, 204, `${size}`);
    assert.equal(done.at(-1)[1].data.name, "\u{1f600}");
  }
});

test("a body that breaks off, is empty, is not UTF-8 or not JSON is 400, and nothing is verified", async () => {
  const broken = streamOf((stream, pull) =>
    pull === 1 ? stream.enqueue(new Uint8Array([0x7b])) : stream.error(new Error("reset")),
  ).body;
  const notUtf8 = Buffer.concat([Buffer.from('{"event":"'), Buffer.from([0xff]), Buffer.from(`",${good.slice(1)}`)]);
  const texts = ["{", "x", "[]", "7", "null", '"text"', "{}", '{"token":null}', '{"Token":"x"}', `${good}${good}`];
  const whole = streamOf((stream, pull) =>
    pull === 1 ? stream.enqueue(padded(1000)) : stream.error(new Error("reset")),
  ).body;
  for (const body of [broken, whole, null, "", notUtf8, ...texts]) {
    const { route, names } = recorded();
    const response = await post(route, body);
    assert.deepEqual([response.status, await response.text(), names()], [400, "", []], String(body));
  }
});

test("where requests have no streams, as in Firefox, the body is read at once, and bounded", async () => {
  const reset = () => Promise.reject(new TypeError("reset"));
  for (const [arrayBuffer, status] of [
    [async () => padded(LIMIT).buffer, 204],
    [async () => padded(LIMIT + 1).buffer, 413],
    [reset, 400],
  ]) {
    const { route, names } = recorded();
    const response = await route({ method: "POST", headers: new Headers(), bodyUsed: false, arrayBuffer });
    assert.deepEqual([response.status, names().includes("tell")], [status, status === 204]);
  }
});

test("a body that somebody is reading, or has read, is no request to answer", async () => {
  for (const read of [(request) => request.body.getReader(), (request) => request.text()]) {
    const request = new Request("https://app.example/", { method: "POST", body: good });
    await read(request);
    await assert.rejects(() => recorded().route(request), misused("argument_invalid", /^the request must be /));
  }
});

test("other methods are 405 with Allow, and their body is not read", async () => {
  for (const method of ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    const { route, names } = recorded();
    const request = new Request("https://app.example/", { method, body: /GET|HEAD/.test(method) ? null : good });
    const response = await route(request);
    assert.deepEqual([response.status, response.headers.get("allow"), names()], [405, "POST", []], method);
    assert.equal(request.bodyUsed, false);
  }
});
