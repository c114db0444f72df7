import { assertHankoError, failureOf } from "../support/outcomes.mjs";
import { profilesOf } from "../support/recordings.mjs";
import { bearingOut, freshApiUrl, ME, recordedAnswer, serve } from "../support/servers.mjs";
import { payloadOf } from "../support/tokens.mjs";

const OTHER = "1111111a-2222-4333-8444-55555555555b";

/** `getCurrentUser` and `getUser`: one shape for every version, about the person of the token only. */
export function users(QUnit, { hanko, testing, vectors }) {
  const recorded = vectors.users.flatMap(profilesOf);
  let told = 0;

  QUnit.module("users");

  for (const profile of recorded.filter(({ path }) => path === "/me")) {
    QUnit.test(profile.name, async (assert) => {
      const { token, response, jwks } = profile;
      const id = payloadOf(token).sub;
      const { client, asked } = clientFor(jwks, { [ME]: () => recordedAnswer(response) });
      for (const call of [() => client.getCurrentUser({ token }), () => client.getUser(id, { token })]) {
        asked.length = 0;
        if (response.status === 200) {
          assert.deepEqual(await call(), userOf(JSON.parse(response.body)));
          assert.deepEqual(asked, [ME], "one request");
          told += 1;
        } else {
          assertHankoError(assert, hanko, await failureOf(assert, call), ["unauthorized"], [token]);
        }
      }
    });
  }

  QUnit.test("a server whose /me tells the id alone is read through /users/{id}", async (assert) => {
    const byId = recorded.filter(({ path, response }) => path !== "/me" && response.status === 200);
    assert.true(byId.length >= 6, `${byId.length} recorded`);
    for (const { name, token, path, response, jwks } of byId) {
      const id = payloadOf(token).sub;
      const routes = { [ME]: () => Response.json({ id }), [`GET ${path}`]: () => recordedAnswer(response) };
      const { client, asked } = clientFor(jwks, routes);
      assert.deepEqual(await client.getCurrentUser({ token }), userOf(JSON.parse(response.body)), name);
      assert.deepEqual(asked, [ME, `GET ${path}`]);
    }
  });

  QUnit.test("enough was recorded", (assert) => assert.true(told >= 32, `${told} users were told`));

  QUnit.test("one request for a user, on 2.7 and on 3.0", async (assert) => {
    for (const version of ["2.7", "3.0"]) {
      const { client, server, user, token } = await signedUp({ version });
      for (const call of [() => client.getCurrentUser({ token }), () => client.getUser(user.user_id, { token })]) {
        const before = server.requests.length;
        assert.deepEqual(await call(), user, version);
        assert.deepEqual(pathsAfter(server, before), ["/me"]);
      }
      assert.deepEqual(server.requests.at(-1).headers["authorization"], `Bearer ${token}`);
    }
  });

  QUnit.test("an id that is no canonical UUID reaches no URL", async (assert) => {
    const { client, server, token } = await signedUp();
    const cases = [
      ...vectors.userIdCases,
      ...MORE_IDS.map((id) => ({ id, expect: "argument_invalid", why: "spelling" })),
    ];
    for (const { id, expect, why } of cases) {
      const error = await failureOf(assert, () => client.getUser(id, { token }), why);
      assertHankoError(assert, hanko, error, [expect === "accept" ? "forbidden" : expect]);
    }
    for (const id of [undefined, null, 1, {}, [OTHER], new String(OTHER)]) {
      const error = await failureOf(assert, () => client.getUser(id, { token }), String(id));
      assertHankoError(assert, hanko, error, ["argument_invalid"]);
    }
    assert.deepEqual(server.requests, [], "and costs no request");
  });

  QUnit.test("another's id is forbidden without a request", async (assert) => {
    for (const version of ["2.7", "3.0"]) {
      const { client, server, token } = await signedUp({ version });
      const other = await server.createUser();
      for (const id of [other.user_id, OTHER]) {
        const error = await failureOf(assert, () => client.getUser(id, { token }));
        assertHankoError(assert, hanko, error, ["forbidden"], [token]);
      }
      assert.deepEqual(server.requests, []);
    }
  });

  QUnit.test("an answer about another person is response_invalid", async (assert) => {
    const { token, user } = await signedUp();
    const body = { ...user, id: user.user_id };
    const row = `GET /users/${user.user_id}`;
    const another = { ...body, id: OTHER, user_id: OTHER };
    for (const routes of [
      { [ME]: () => Response.json(another) },
      { [ME]: () => Response.json({ ...body, id: OTHER }) },
      { [ME]: () => Response.json({ id: OTHER }), [`GET /users/${OTHER}`]: () => Response.json(another) },
      { [ME]: () => Response.json({ id: user.user_id }), [row]: () => Response.json(another) },
      { [ME]: () => Response.json({ id: user.user_id }), [row]: () => Response.json({ id: user.user_id }) },
    ]) {
      const { client, asked } = clientFor({ keys: [] }, routes);
      const error = await failureOf(assert, () => client.getCurrentUser({ token }));
      assertHankoError(assert, hanko, error, ["response_invalid"], [token]);
      assert.false(asked.includes(`GET /users/${OTHER}`), "another's id is not asked for");
    }
  });

  QUnit.test("what is no session token costs no request", async (assert) => {
    const { client, server, user, token } = await signedUp();
    const made = async (options) => (await server.createSession(user.user_id, options)).token;
    const wrong = {
      token_malformed: ["", "x", "a.b", `${token} `, `${token}\r\nx: y`, `${token},${token}`],
      token_too_large: ["x".repeat(16_385)],
      not_session_token: [
        await made({ claims: { sub: "hanko webhooks" } }),
        await made({ claims: { session_id: null } }),
      ],
      argument_invalid: [1, null, {}, ["x"]],
    };
    for (const [code, tokens] of Object.entries(wrong)) {
      for (const token of tokens) {
        for (const call of [() => client.getCurrentUser({ token }), () => client.getUser(user.user_id, { token })]) {
          assertHankoError(assert, hanko, await failureOf(assert, call, code), [code]);
        }
      }
    }
    for (const options of [{ signal: 1 }, { unknown: 1 }, "x", null]) {
      const error = await failureOf(assert, () => client.getCurrentUser(options));
      assertHankoError(assert, hanko, error, ["argument_invalid"]);
    }
    assert.deepEqual(server.requests, []);
  });

  QUnit.test("what a person stored breaks nothing, and changes no prototype", async (assert) => {
    const { token, user } = await signedUp();
    const deep = `{"a":${"[".repeat(1400)}1e400${"]".repeat(1400)}}`;
    const names = `{"__proto__":{"isAdmin":true},"constructor":1,"toString":2,"1":3,"\\ud800":"\\udc00"}`;
    const answer = (body) => () => new Response(body, { headers: { "content-type": "application/json" } });
    const { metadata, ...rest } = { ...user, id: user.user_id, picture: "javascript:alert(1)//<script>\u0000" };
    const body = JSON.stringify(rest).replace(
      /}$/,
      `,"metadata":{"public_metadata":${names},"unsafe_metadata":${deep}}}`,
    );
    const { client } = clientFor({ keys: [] }, { [ME]: answer(body) });
    const told = await client.getCurrentUser({ token });
    assert.strictEqual(told.picture, rest.picture);
    let inner = told.metadata.unsafe_metadata.a;
    let levels = 0;
    for (; Array.isArray(inner); inner = inner[0]) levels += 1;
    assert.deepEqual([levels, inner], [1400, Infinity]);
    const { public_metadata: names_ } = told.metadata;
    assert.true(Object.hasOwn(names_, "__proto__") && Object.getPrototypeOf(names_) === Object.prototype);
    assert.deepEqual([names_["__proto__"], names_["1"], {}.isAdmin], [{ isAdmin: true }, 3, undefined]);
    assert.strictEqual(metadata.public_metadata.isAdmin, undefined);
  });

  function clientFor(jwks, routes) {
    const apiUrl = freshApiUrl("users");
    const { fetch, asked } = serve(apiUrl, { ...bearingOut(jwks), ...routes });
    return { client: hanko.createHanko({ apiUrl, fetch }), asked };
  }

  async function signedUp(options) {
    const server = await testing.createTestHanko(options);
    const email = { id: OTHER, address: "ada@example.com", is_verified: true, is_primary: true };
    const user = await server.createUser({ username: "ada", name: "Ada", email: email.address, emails: [email] });
    const { token } = await server.createSession(user.user_id);
    return { server, user, token, client: hanko.createHanko({ apiUrl: server.apiUrl, fetch: server.fetch }) };
  }
}

/** The nil UUID and the vectors' cases are not all: these are spellings that other readers of UUIDs take. */
const MORE_IDS = [
  OTHER.toUpperCase(),
  OTHER.replaceAll("-", ""),
  `{${OTHER}}`,
  `urn:uuid:${OTHER}`,
  `${OTHER} `,
  `${OTHER}\0`,
];

const pathsAfter = (server, index) => server.requests.slice(index).map(({ path }) => path);

/** The contract's `User`, from the members that a server sent, by the words of the protocol. */
function userOf(sent) {
  const { id, created_at, updated_at, username, mfa_config, metadata = {} } = sent;
  const emails = (sent.emails ?? []).map(({ identity, ...email }) => email);
  const user = {
    user_id: id,
    created_at,
    updated_at,
    email: emails.find(({ is_primary }) => is_primary)?.address,
    username: username?.username ?? username,
    name: sent.name,
    given_name: sent.given_name,
    family_name: sent.family_name,
    picture: sent.picture,
    emails,
    identities: sent.identities ?? [],
    passkeys: sent.passkeys ?? [],
    security_keys: sent.security_keys ?? [],
    mfa_config,
    metadata: { public_metadata: {}, unsafe_metadata: {}, ...metadata },
  };
  return Object.fromEntries(Object.entries(user).filter(([, value]) => value !== undefined));
}
