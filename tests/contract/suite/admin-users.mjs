/** The Admin API: users (`protocol/sessions.md` section 10). */
import assert from "node:assert/strict";

import { assertAnswer, assertBareFailure, assertFailure, NOBODY, TIME, UUID } from "../support/answers.mjs";
import { freshName, primary } from "../support/subject.mjs";
import { fullPerson } from "./users.mjs";

export function adminUsers(row) {
  row("a user is made: 200, addresses in lower case, no user_id and no mfa_config", async (hanko) => {
    const user = await hanko.newUser({ emails: [primary(`A${crypto.randomUUID()}@Contract.Example`)] });
    const { id, created_at, updated_at, emails, ...others } = user;
    assert.deepEqual(others, {});
    assert.match(id, UUID);
    for (const time of [created_at, updated_at, emails[0].created_at, emails[0].updated_at]) assert.match(time, TIME);
    assert.equal(emails[0].address, emails[0].address.toLowerCase());
    assertAnswer(await hanko.admin("GET", `/users/${id}`), 200, user);
  });

  row("a user with an id and a time of one's own, and a username of one letter more", async (hanko) => {
    const [id, username] = [crypto.randomUUID(), freshName()];
    const made = await hanko.newUser({ id, username, created_at: "2020-01-02T03:04:05Z" });
    assert.deepEqual([made.id, made.created_at, "emails" in made], [id, "2020-01-02T03:04:05Z", false]);
    assert.deepEqual(Object.keys(made.username), ["id", "username", "created_at", "updated_at"]);
    assert.equal(made.username.username, username);
    assert.notEqual(made.username.created_at, made.created_at, "the name is new");
    for (const [created_at, told] of [
      ["2020-01-02T03:04:05.123456789Z", "2020-01-02T03:04:05.123456Z"],
      ["2020-01-02T03:04:05.1000Z", "2020-01-02T03:04:05.1Z"],
    ])
      assert.equal((await hanko.newUser({ username: freshName(), created_at })).created_at, told);
  });

  row("a new user's name is stored as it is given", async (hanko) => {
    for (const username of [`A${freshName()}`, `a-${freshName()}`, ` ${freshName()} `, `\u00e9 ${freshName()}`])
      assert.equal((await hanko.newUser({ username })).username.username, username);
  });

  row("a user that cannot be: 400; one that is there: 409", async (hanko) => {
    const { id, emails } = await hanko.newUser();
    const post = (json) => hanko.admin("POST", "/users", { json });
    const secondary = { ...primary(), is_primary: false };
    const wrong = [{}, { emails: [] }, { username: "" }, { emails: [secondary] }, { emails: [primary(), primary()] }];
    wrong.push(
      { emails: [primary("no mail")] },
      { emails: [primary("a@b")] },
      { id: "garbage", username: freshName() },
      [],
    );
    for (const created_at of ["", "yesterday", "2020-01-02", "2020-01-02t03:04:05z", "2020-13-02T03:04:05Z"])
      wrong.push({ username: freshName(), created_at });
    const twice = primary();
    wrong.push({ emails: [twice, { ...twice, is_primary: false }] });
    for (const json of wrong) assertFailure(await post(json), 400, JSON.stringify(json));
    assertFailure(await post({ emails: [primary(emails[0].address)] }), 409);
    const capitals = { ...secondary, address: twice.address.toUpperCase() };
    assertFailure(await post({ emails: [twice, capitals] }), 409);
    assertFailure(await post({ id, username: freshName() }), 409);
    for (const headers of [{}, { "content-type": "text/plain" }])
      assertBareFailure(await hanko.admin("POST", "/users", { headers, body: "{}" }), 415);
  });

  row("a user is read by any spelling of the id; 404 unknown, 400 no uuid", async (hanko) => {
    const user = await hanko.newUser();
    const spellings = [user.id.toUpperCase(), user.id.replaceAll("-", ""), `%7B${user.id}%7D`, `urn:uuid:${user.id}`];
    for (const id of spellings) assertAnswer(await hanko.admin("GET", `/users/${id}`), 200, user);
    assertAnswer(await hanko.admin("GET", `/users/${NOBODY}`), 404, { code: 404, message: "user not found" });
    assertFailure(await hanko.admin("GET", "/users/garbage"), 400);
    for (const path of ["/users/", `/users/${user.id}/`, `/user/${user.id}`, `//users/${user.id}`])
      assertBareFailure(await hanko.admin("GET", path), 404, path);
  });

  row("a full user: all metadata, username with its row, names", async (hanko) => {
    const { id, username, names } = await fullPerson(hanko);
    const { json } = await hanko.admin("GET", `/users/${id}`);
    assert.equal(json.username.username, username);
    for (const [name, value] of Object.entries(names)) assert.equal(json[name], value);
    const { public_metadata, private_metadata, unsafe_metadata } = json.metadata;
    assert.deepEqual(
      [public_metadata, private_metadata, unsafe_metadata],
      [{ plan: "pro" }, { crm: 7 }, { theme: "dark" }],
    );
    assert.deepEqual(
      json.emails.map(({ is_primary }) => is_primary),
      [false, true, false],
    );
    assert.equal("mfa_config" in json, false);
  });

  row("users are listed by pages, and found by id and by address", async (hanko) => {
    const { id, emails } = await hanko.newUser();
    for (const query of [`user_id=${id}`, `email=${emails[0].address}`]) {
      const found = await hanko.admin("GET", `/users?${query}`);
      assert.deepEqual(
        found.json.map((user) => user.id),
        [id],
      );
      assert.equal(found.headers.get("x-total-count"), "1");
    }
    const page = await hanko.admin("GET", "/users?per_page=1&page=1&sort_direction=desc");
    assert.equal(page.json.length, 1);
    assert.ok(Number(page.headers.get("x-total-count")) >= 1);
    for (const query of ["user_id=garbage", "page=x", "sort_direction=up"])
      assertFailure(await hanko.admin("GET", `/users?${query}`), 400, query);
  });

  row("users are found by a part of an address or of a username, and by several ids", async (hanko) => {
    const name = freshName();
    const made = [name, `${name}_x`, `a${name}`].map((username) =>
      hanko.newUser({ username, emails: [primary(`${username}@contract.example`)] }),
    );
    const ids = (await Promise.all(made)).map(({ id }) => id);
    const found = async (query) => {
      const { status, json } = await hanko.admin("GET", `/users?${query}`);
      assert.equal(status, 200, query);
      return json.map(({ id }) => ids.indexOf(id)).sort();
    };
    for (const [query, expected] of [
      [`email=${name}`, [0, 1, 2]],
      [`email=${name.toUpperCase()}_X`, [1]],
      [`email=a${name}@contract.example`, [2]],
      [`email=${name}__@`, [1]],
      [`email=${name}%25x@`, [1]],
      [`username=${name.slice(1)}`, [0, 1, 2]],
      [`username=${name}_x`, [1]],
      [`username=a${name}&email=${name}_x`, [1, 2]],
      [`email=${name}&user_id=${ids[2]}`, [2]],
      [`user_id=${ids[0]},${ids[2].toUpperCase()}`, [0, 2]],
      [`user_id=${ids[1]}&user_id=${ids[0]}`, [1]],
      [`user_id=&email=${name}`, [0, 1, 2]],
      [`email=${name}&email=nobody`, [0, 1, 2]],
      [`email=${name}nobody`, []],
    ])
      assert.deepEqual(await found(query), expected, query);
    assertFailure(await hanko.admin("GET", `/users?user_id=${ids[0]},garbage`), 400);
  });

  row("names are patched, null clears, blank and other types are 400", async (hanko) => {
    const { id } = await hanko.newUser();
    const patch = (json, of = id) => hanko.admin("PATCH", `/users/${of}`, { json });
    const named = await patch({ name: "Ada L.", username: freshName() });
    assert.deepEqual([named.status, named.json.name], [200, "Ada L."]);
    assert.equal("name" in (await patch({ name: null })).json, false);
    assert.equal((await patch({})).status, 200);
    const sent = (body) =>
      hanko.admin("PATCH", `/users/${id}`, { headers: { "content-type": "application/json" }, body });
    assert.equal((await sent('{"Name":"A","NAME":"B"} trailing')).json.name, "B");
    for (const body of ["null", ""]) assert.equal((await sent(body)).json.name, "B", body);
    assert.equal("name" in (await sent('{"Name":null}')).json, false);
    for (const json of [{ name: " " }, { name: 1 }, { given_name: "" }]) assertFailure(await patch(json), 400);
    for (const json of [{ name: 1 }, { name: "" }, []]) assertFailure(await patch(json, NOBODY), 400);
    assertFailure(await patch({ username: "a b" }, NOBODY), 404);
    assertFailure(await patch({ name: 1 }, "garbage"), 400);
    assertAnswer(await patch({ name: "x" }, NOBODY), 404, { code: 404, message: "user not found" });
    assertFailure(await patch({ name: "x" }, "garbage"), 400);
  });

  row(
    "names are trimmed, a picture is an http(s) URL, and a username word characters that nobody has",
    async (hanko) => {
      const [{ id }, other] = [await hanko.newUser(), await hanko.newUser({ username: freshName() })];
      const patch = (json) => hanko.admin("PATCH", `/users/${id}`, { json });
      const username = `N${freshName()}`;
      const named = await patch({
        name: " Ada L. ",
        picture: " https://contract.example/a ",
        username: ` ${username} `,
      });
      const { name, picture, username: given } = named.json;
      assert.deepEqual(
        [name, picture, given.username],
        ["Ada L.", "https://contract.example/a", username.toLowerCase()],
      );
      for (const text of ["x", "javascript:1", "data:,x", "/a.png", "mailto:a", "http://x y/"])
        assertFailure(await patch({ picture: text }), 400, text);
      for (const text of ["A B", "ab-c", "ab.c", "\u00e9"]) assertFailure(await patch({ username: text }), 400, text);
      assertFailure(await patch({ username: other.username.username }), 409);
      assert.equal((await patch({ username: null })).json.username, undefined);
    },
  );

  row("a deleted user is gone: 204, then 404", async (hanko) => {
    const { id } = await hanko.newUser();
    const gone = await hanko.admin("DELETE", `/users/${id}`);
    assert.deepEqual([gone.status, gone.text], [204, ""]);
    for (const [method, path] of [
      ["DELETE", ""],
      ["GET", ""],
      ["GET", "/metadata"],
    ])
      assertAnswer(await hanko.admin(method, `/users/${id}${path}`), 404, { code: 404, message: "user not found" });
    assertBareFailure(await hanko.admin("GET", `/users/${id}/sessions`), 404);
    assertFailure(await hanko.admin("DELETE", "/users/garbage"), 400);
  });

  row("public routes are not here, and these not there", async (hanko) => {
    const { userId, token } = await hanko.signedIn();
    for (const path of ["/me", "/.well-known/jwks.json", "/sessions/validate", "/profile"])
      assertBareFailure(await hanko.admin("GET", path), 404, path);
    assertBareFailure(await hanko.ask("POST", "/sessions", { token, json: { user_id: userId } }), 404);
    assertBareFailure(await hanko.ask("GET", "/users", { token }), 404);
    for (const method of ["HEAD", "PUT", "OPTIONS"])
      assert.equal((await hanko.admin(method, `/users/${userId}`)).status, 404, method);
  });
}
