import assert from "node:assert/strict";
import { test } from "node:test";

import { get, isValid, keysOf, partsOf, signedIn, validate } from "./support.mjs";

const at = Date.parse("2026-11-21T05:48:23.900Z");
const data = { user_id: "1", id: "2", name: "<Ada>" };

test("a webhook's token: the session keys, Hanko's claims in their order, 300 seconds", async () => {
  const { hanko } = await signedIn({ now: () => new Date(at), audience: ["app"] });
  const { token, event } = await hanko.createWebhook("user.delete", data);
  assert.equal(event, "user.delete");
  const iat = Math.floor(at / 1000);
  assert.equal(
    Buffer.from(token.split(".")[1], "base64url").toString(),
    `{"aud":["app"],"data":{"user_id":"1","id":"2","name":"\\u003cAda\\u003e"},"evt":"user.delete","exp":${iat + 300},"iat":${iat},"sub":"hanko webhooks"}`,
  );
  const { kid } = (await keysOf(hanko)).at(-1);
  assert.deepEqual(partsOf(token)[0], { alg: "RS256", kid, typ: "JWT" });
});

test("claims and header can be overridden, and left out", async () => {
  const { hanko } = await signedIn();
  const claims = { sub: "other", evt: undefined, jti: "1", data: 5 };
  const { token, event } = await hanko.createWebhook("user.login", data, { claims, header: { typ: "other" } });
  const [header, payload] = partsOf(token);
  assert.deepEqual([event, header.typ], ["user.login", "other"]);
  assert.deepEqual(Object.keys(payload), ["aud", "data", "exp", "iat", "jti", "sub"]);
  assert.deepEqual([payload.sub, payload.data], ["other", 5]);
});

test("data may be an object's text, which is kept as written", async () => {
  const { hanko } = await signedIn();
  const payloadOf = async (data) => (await hanko.createWebhook("user.update", data)).token.split(".")[1];
  const textOf = async (data) => Buffer.from(await payloadOf(data), "base64url").toString();
  assert.match(await textOf('{"id": "1", "metadata":{"n":1e400}}'), /"data":\{"id":"1","metadata":\{"n":1e400\}\}/);
  const deep = `{"a":${"[".repeat(1400)}${"]".repeat(1400)}}`;
  assert.ok((await textOf(deep)).includes(deep));
  assert.ok((await textOf(JSON.parse(deep))).includes(deep));
  assert.match(await textOf("no object"), /"data":"no object"/);
});

test("it is no session: validate 400, /me and /profile 401", async () => {
  const { hanko, token: session } = await signedIn();
  const { token } = await hanko.createWebhook("user.create", data);
  const response = await validate(hanko, token);
  assert.equal(response.status, 400);
  assert.match((await response.json()).message, /^failed to parse token claims: 'subject' is not a uuid/);
  const headers = { authorization: `Bearer ${token}` };
  assert.equal((await get(hanko, "/me", { headers })).status, 401);
  assert.equal((await get(hanko, "/profile", { method: "POST", headers })).status, 401);
  assert.equal(await isValid(hanko, session), true);
});
