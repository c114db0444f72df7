/** What is kept of tokens that were signed in: for whom it is found again, how much, and that it is nobody else's to change. */
import assert from "node:assert/strict";
import { test } from "node:test";

const { SeenTokens } = await import(new URL("../../node_modules/hanko-edge/dist/seen.js", import.meta.url));

const NUMBER = 1;
const known = [3, 4];
const carry = (carrier) => ({
  authorization: undefined,
  cookie: undefined,
  token: undefined,
  refused: false,
  ...carrier,
});

function authOf(source, token = "token") {
  const claims = JSON.parse('{"__proto__":{"isAdmin":true},"roles":["a",{"b":[1]},null],"none":null,"text":"x"}');
  return { status: "signed-in", source, token, expiresAt: new Date(1e12), claims };
}

/** A memory that was given one token, and what is found there by another carrier. */
function found(carrier, source, by = carrier, number = NUMBER) {
  const seen = new SeenTokens();
  seen.keep(carry(carrier), { number: NUMBER, known, auth: authOf(source) }, 10);
  return seen.find(number, carry(by));
}

test("what was kept is found by the same text in the same place, for the same options", () => {
  const carriers = { argument: { token: "x" }, authorization: { authorization: "x" }, cookie: { cookie: "x" } };
  for (const [source, carrier] of Object.entries(carriers)) {
    for (const [place, by] of Object.entries(carriers))
      assert.equal(found(carrier, source, by)?.known, place === source ? known : undefined, `${source}, ${place}`);
    assert.equal(found(carrier, source, carrier, 2), undefined);
    assert.deepEqual(found(carrier, source).auth, authOf(source));
  }
  assert.equal(found(carriers.cookie, "cookie", { cookie: "x", refused: true }), undefined);
});

test("a token is not kept by the text of another header than its own", () => {
  assert.equal(found({ authorization: "Basic x", cookie: "y" }, "cookie"), undefined);
  assert.equal(found({ cookie: "x", refused: true }, "cookie"), undefined);
});

test("nor does it take another one's place", () => {
  const seen = new SeenTokens();
  const [mine, other] = [carry({ token: "a" }), carry({ authorization: "Basic x", cookie: "y" })];
  seen.keep(mine, { number: NUMBER, known, auth: authOf("argument") }, 1);
  seen.keep(other, { number: NUMBER, known, auth: authOf("cookie") }, 1);
  assert.equal(seen.find(NUMBER, mine)?.known, known);
});

test("4096 characters beside a token are kept, and no more", () => {
  for (const [beside, kept] of [
    [4096, known],
    [4097, undefined],
  ])
    assert.equal(found({ cookie: "x".repeat("token".length + beside) }, "cookie")?.known, kept);
});

test("it holds as many as the limit says: what was put in first leaves first", () => {
  for (const limit of [0, 1, 3]) {
    const seen = new SeenTokens();
    const carriers = ["a", "b", "c", "d", "e"].map((token) => carry({ token }));
    for (const carrier of carriers) seen.keep(carrier, { number: NUMBER, known, auth: authOf("argument") }, limit);
    const held = carriers.filter((carrier) => seen.find(NUMBER, carrier));
    assert.deepEqual(held, carriers.slice(5 - limit));
  }
});

test("what is dropped is gone, and nothing else", () => {
  const seen = new SeenTokens();
  const [one, other] = [carry({ token: "a" }), carry({ cookie: "b" })];
  seen.keep(one, { number: NUMBER, known, auth: authOf("argument") }, 10);
  seen.keep(other, { number: NUMBER, known, auth: authOf("cookie") }, 10);
  seen.drop(one);
  assert.equal(seen.find(NUMBER, one), undefined);
  assert.equal(seen.find(NUMBER, other).known, known);
});

test("nobody changes what is kept, and nothing is changed by it", () => {
  const auth = authOf("argument");
  const seen = new SeenTokens();
  seen.keep(carry({ token: "a" }), { number: NUMBER, known, auth }, 10);
  auth.token = "changed";
  auth.expiresAt.setTime(0);
  auth.claims["__proto__"].isAdmin = false;
  auth.claims.roles[1].b.push(2);
  auth.claims.more = "changed";
  const { auth: kept } = seen.find(NUMBER, carry({ token: "a" }));
  assert.deepEqual(kept, authOf("argument"));
  assert.ok(Object.hasOwn(kept.claims, "__proto__") && Array.isArray(kept.claims.roles));
});
