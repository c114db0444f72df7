/**
 * Faults of the key document, by the names of the threat model, for every runtime. A fault may only make an answer unavailable:
 * every call settles by its deadline and 250 ms, nothing goes unhandled, and each costs so many requests.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { clock } from "./clock.mjs";
import { SIGNED_IN, STALE, serverWithSession, signedOut, unavailable } from "./hanko.mjs";
import { closedPort } from "./http.mjs";
import { person, warm } from "./person.mjs";
import { withHeader } from "./tokens.mjs";

const TIMEOUT = 1000;
const KEYS_PATH = "/.well-known";
const LOCAL = { mode: "local", timeout: TIMEOUT };

const listed = (count) => JSON.stringify({ keys: Array.from({ length: count }, () => ({ kty: "RSA", kid: "x" })) });

/** Documents that are none, and what they are cold. Warm they change nothing but for `stale`. */
const DOCUMENTS = [
  ["F09 a page of HTML", { body: "<!doctype html><title>Sign in to the Wi-Fi</title>" }, "keys_invalid"],
  ["F09 nothing", { body: "" }, "keys_invalid"],
  ["F09 204", { status: 204 }, "response_invalid"],
  ["F09 206", { status: 206, body: '{"keys":[' }, "response_invalid"],
  ["F09 304", { status: 304 }, "redirect_blocked"],
  ["F13 no keys", { body: '{"keys":[]}' }, "keys_invalid"],
  ["F13 null keys", { body: '{"keys":null}' }, "keys_invalid"],
  ["F13 keys in an object", { body: '{"keys":{}}' }, "keys_invalid"],
  ["F13 a list", { body: "[]" }, "keys_invalid"],
  ["F13 null", { body: "null" }, "keys_invalid"],
  ["F13 101 keys", { body: listed(101) }, "keys_invalid"],
  ["F13 10,000 keys", { body: listed(10_000) }, "keys_invalid"],
  ["F13 100,000 keys", { body: listed(100_000) }, "response_too_large"],
  ["F31 404", { status: 404 }, "response_invalid"],
  ["F31 401", { status: 401 }, "response_invalid"],
  ["F31 403", { status: 403 }, "response_invalid"],
];

/** Where a call is when its caller gives up: how the server is broken then, and when he does. */
const POINTS = [
  ["before it begins", { hang: true }, "", 0],
  ["while the keys are fetched", { hang: true }, KEYS_PATH, 20],
  ["while Hanko is asked", { hang: true }, "/sessions", 20],
  ["before the repeat", { status: 500 }, KEYS_PATH, 20],
];

export function keyFaults(stage) {
  const cold = (options) => person(stage, { ...LOCAL, ...options });
  const ready = (options) => warm(stage, { ...LOCAL, ...options });
  const title = (text) => `${stage.name}: ${text}`;
  const free = (result) => ({ result, keys: 0, asks: 0, all: 0 });
  const fetched = (result, keys) => ({ result, keys, asks: 0, all: keys });

  /** A client of a real server at `apiUrl`, and a token that is good elsewhere. */
  async function overTheNetwork(apiUrl, timeout = TIMEOUT) {
    const { token } = await serverWithSession();
    return stage.call({ client: { apiUrl, allowInsecure: true, mode: "local", timeout }, token });
  }

  test(title("F01 refused, cold: keys_unavailable"), async () => {
    assert.deepEqual(await overTheNetwork(await closedPort()), unavailable("keys_unavailable"));
  });

  test(title("F01 no such host, cold: unavailable"), async () => {
    const { status, code } = await overTheNetwork("https://no-such-host.invalid");
    assert.equal(status, "unavailable");
    assert.ok(code === "keys_unavailable" || code === "request_timeout", code); // A resolver may be slow to say no.
  });

  test(title("F01 cut, cold: one attempt and one repeat"), async () => {
    const { server, call } = await cold();
    server.break({ reset: true });
    assert.deepEqual(await call(), fetched(unavailable("keys_unavailable"), 2));
  });

  test(title("F02 cut, warm and fresh: valid without a fetch"), async () => {
    const { server, call } = await ready({ cacheSize: 0 });
    server.break({ reset: true });
    assert.deepEqual(await call(), free(SIGNED_IN));
  });

  test(
    title("F03 cut, past 600 s: valid and stale, the next one without a fetch, and again after the pause"),
    async () => {
      const { server, call } = await ready();
      server.break({ reset: true });
      clock.advance(600);
      assert.deepEqual(await call(), fetched(STALE, 1));
      assert.deepEqual(await call(), free(STALE));
      clock.advance(1);
      assert.deepEqual(await call(), fetched(STALE, 1));
      server.heal();
      clock.advance(2);
      assert.deepEqual(await call(), fetched(SIGNED_IN, 1));
    },
  );

  test(title("F03 past 600 s, behind the answer: valid, and the next one has fresh keys"), async () => {
    const { server, call } = await ready();
    clock.advance(600);
    server.break({ delayMs: 50 });
    assert.deepEqual((await call({ behind: true })).result, SIGNED_IN);
    await stage.idle?.();
    assert.deepEqual(await call(), free(SIGNED_IN));
  });

  test(title("F03 F06 silence, past 600 s: the old keys answer inside the deadline"), async () => {
    const { server, ask } = await ready();
    server.break({ hang: true });
    clock.advance(600);
    assert.deepEqual(await ask({}, TIMEOUT / 2), STALE);
  });

  for (const keysMaxStale of [0, 3600, 86_400]) {
    test(title(`F04 cut, past keysMaxStale of ${keysMaxStale} s: keys_unavailable`), async () => {
      const { server, call } = await ready({ keysMaxStale });
      server.break({ reset: true });
      clock.advance(600 + keysMaxStale);
      assert.deepEqual(await call(), fetched(unavailable("keys_unavailable"), 2));
    });
  }

  test(title("F05 cut, an unknown kid: keys_unavailable, and the known one goes on"), async () => {
    const { server, token, call } = await ready();
    server.break({ reset: true });
    clock.advance(30);
    const unknown = { token: withHeader(token, { kid: "unknown" }) };
    const { result, all } = await call(unknown);
    const { retryAfter, ...outcome } = result;
    assert.deepEqual([outcome, all], [unavailable("keys_unavailable"), 1]);
    assert.deepEqual(await call(), free(SIGNED_IN));
  });

  test(title("F06 a server that takes the connection and says nothing: request_timeout at the deadline"), () =>
    stage.withServer(
      () => {},
      async ({ url, seen }) => {
        await overTheNetwork(url, 100); // The host's fetch may be slow to begin.
        assert.deepEqual(await overTheNetwork(url, 100), unavailable("request_timeout"));
        assert.deepEqual(await overTheNetwork(url, 600), unavailable("request_timeout"));
        assert.ok(seen.length > 0);
      },
    ),
  );

  test(title("F06 a body that never ends"), () =>
    stage.withServer(
      (_, response) => response.write('{"keys":['),
      async ({ url, seen }) => {
        assert.deepEqual(await overTheNetwork(url, 300), unavailable("request_timeout"));
        assert.equal(seen.length, 1);
      },
    ),
  );

  test(title("F06 the deadline is 5 s where nothing else is said"), async () => {
    const { server, ask } = await person(stage, { mode: "local" });
    server.break({ hang: true });
    const began = performance.now();
    assert.deepEqual(await ask({}, 5000), unavailable("request_timeout"));
    assert.ok(performance.now() - began >= 4900);
  });

  for (const status of [500, 502, 503, 504, 429]) {
    test(title(`F08 ${status}: cold keys_unavailable after one repeat, warm stale`), async () => {
      const first = await cold();
      first.server.break({ status });
      assert.deepEqual(await first.call(), fetched(unavailable("keys_unavailable"), 2));
      const second = await ready();
      second.server.break({ status });
      clock.advance(600);
      assert.deepEqual(await second.call(), fetched(STALE, 1));
    });
  }

  test(title("F08 one failure alone: the repeat is answered"), async () => {
    const { server, call } = await cold();
    server.break({ status: 500, times: 1 });
    assert.deepEqual(await call(), fetched(SIGNED_IN, 2));
  });

  for (const [name, how, code] of DOCUMENTS) {
    test(title(`${name}: cold ${code}, warm stale, and the known keys are kept`), async () => {
      const first = await cold();
      first.server.break(how, KEYS_PATH);
      const repeats = code === "keys_unavailable" ? 2 : 1;
      assert.deepEqual(await first.call(), fetched(unavailable(code), repeats));
      const second = await ready();
      second.server.break(how, KEYS_PATH);
      const thrown = { name: "HankoError", code, kind: "unavailable" };
      assert.deepEqual(await second.call({ method: "reloadKeys" }), fetched(thrown, 1));
      assert.deepEqual(await second.call(), free(SIGNED_IN));
      clock.advance(600);
      assert.deepEqual(await second.call(), fetched(STALE, 1));
      assert.deepEqual(await second.call(), free(STALE));
    });
  }

  for (const status of [301, 302, 303, 307, 308]) {
    test(
      title(`F10 ${status} to another server, to itself, to a metadata address: redirect_blocked, nobody is asked`),
      () =>
        stage.withServer(
          (_, response) => response.end("{}"),
          async (target) => {
            const locations = [target.url, "/again", "http://169.254.169.254/latest/meta-data", "//elsewhere.invalid/"];
            for (const location of locations) await redirected(status, location);
            assert.deepEqual(target.seen, []);
          },
        ),
    );
  }

  function redirected(status, location) {
    return stage.withServer(
      (_, response) => response.writeHead(status, { location }).end(),
      async ({ url, seen }) => {
        assert.deepEqual(await overTheNetwork(url), unavailable("redirect_blocked"), location);
        assert.equal(seen.length, 1);
      },
    );
  }

  test(title("F14 a bad key never spoils a good one"), async () => {
    const { server, token, call } = await cold();
    const answer = await server.fetch(`${server.apiUrl}/.well-known/jwks.json`);
    const { keys } = await answer.json();
    const bad = [null, 7, {}, { kty: "oct", kid: "x", k: "AAAA" }, { ...keys[0], kid: "weak", e: "AQ" }];
    server.break({ body: JSON.stringify({ keys: [...bad, ...keys] }) }, KEYS_PATH);
    assert.deepEqual(await call(), fetched(SIGNED_IN, 1));
    assert.deepEqual(await call({ token: withHeader(token, { kid: "weak" }) }), free(signedOut("key_unusable")));
  });

  test(title("F15 a rotation: one fetch for the new kid, the old one stays valid"), async () => {
    const { server, userId, call } = await ready();
    clock.advance(30);
    await server.rotateKeys();
    const { token } = await server.createSession(userId);
    assert.deepEqual(await call({ token }), fetched(SIGNED_IN, 1));
    assert.deepEqual(await call(), free(SIGNED_IN));
  });

  test(
    title("F18 10,000 unknown kids in a minute: at most 2 requests, and every valid token between them is valid"),
    async () => {
      const { server, client, token } = await ready({ cacheSize: 0 });
      const before = server.requests.length;
      const { valid, codes } = await stage.flood({ client, token, count: 10_000 });
      assert.equal(valid, 1000);
      assert.deepEqual(codes, ["key_not_found", "keys_unavailable"]);
      const fetches = server.requests.length - before;
      assert.ok(fetches >= 1 && fetches <= 2, `${fetches} requests`);
    },
  );

  for (const [name, how, path, giveUpAfter] of POINTS) {
    test(title(`F22 the caller gives up ${name}: request_aborted, with his reason`), async () => {
      const { server, call, ask } = await cold({ mode: "remote" });
      server.break(how, path);
      assert.deepEqual(await ask({ giveUpAfter }, 100), unavailable("request_aborted"));
      const thrown = { name: "HankoError", code: "request_aborted", kind: "unavailable", becauseOfCaller: true };
      if (path !== "/sessions") assert.deepEqual(await ask({ method: "verifySession", giveUpAfter }, 100), thrown);
      else assert.deepEqual(await ask({ method: "validateSession", giveUpAfter }, 100), thrown);
      server.heal();
      assert.equal((await call()).result.status, "signed-in", "nobody else is hurt");
    });
  }

  test(title("F22 the caller gives up while a body is read: request_aborted"), () =>
    stage.withServer(
      (_, response) => response.write('{"keys":['),
      async ({ url }) => {
        const { token } = await serverWithSession();
        const client = { apiUrl: url, allowInsecure: true, mode: "local", timeout: 5000 };
        assert.deepEqual(await stage.call({ client, token, giveUpAfter: 100 }, 200), unavailable("request_aborted"));
      },
    ),
  );
}
