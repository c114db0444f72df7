/** Rules for every call (`protocol/sessions.md` section 2). */
import assert from "node:assert/strict";

import { assertAnswer, assertBareFailure, assertFailure, assertHeaders } from "../support/answers.mjs";

export function answers(row) {
  row("an unknown route and a wrong method are both 404", async (hanko) => {
    const { token } = await hanko.signedIn();
    const wrong = ["GET /nope", "POST /nope", "GET /sessions/nope", "GET /sessions/validate%2F", "PUT /me"];
    wrong.push("DELETE /sessions/validate", "GET /logout", "GET /profile", "PUT /profile", "POST /health/alive");
    for (const [method, path] of wrong.map((one) => one.split(" ")))
      assertBareFailure(await hanko.ask(method, path, { token }), 404, `${method} ${path}`);
  });

  row("paths are compared by case, and with their last slash", async (hanko) => {
    const { token } = await hanko.signedIn();
    for (const path of ["/Me", "/me/", "//me", "/sessions/Validate", "/sessions/validate/", "/.well-known/jwks.json/"])
      assertBareFailure(await hanko.ask("GET", path, { token }), 404, path);
  });

  row("HEAD is 404 everywhere, without a body", async (hanko) => {
    const { token } = await hanko.signedIn();
    for (const path of ["/", "/me", "/.well-known/jwks.json", "/sessions/validate", "/health/alive", "/nope"]) {
      const answer = await hanko.ask("HEAD", path, { token });
      assert.deepEqual([answer.status, answer.text, answer.headers.get("content-type")], [404, "", null], path);
    }
  });

  row("JSON answers say application/json and end with a newline", async (hanko) => {
    const { token } = await hanko.signedIn();
    const asked = [hanko.validate(token), hanko.ask("GET", "/me", { token }), hanko.ask("GET", "/nope")];
    for (const answer of await Promise.all(asked)) {
      assertHeaders(answer, { "content-type": "application/json", vary: "Origin" });
      assert.match(answer.text, /\}\n$/);
    }
  });

  row("markup in JSON is escaped as Go escapes it", async (hanko) => {
    const { id } = await hanko.newUser();
    const name = "<b>&\u2028\u2029.";
    assert.equal((await hanko.admin("PATCH", `/users/${id}`, { json: { name } })).status, 200);
    const { token } = await hanko.newSession(id);
    const { text, json } = await hanko.ask("GET", "/me", { token });
    assert.equal(json.name, name);
    assert.ok(text.includes(String.raw`"name":"\u003cb\u003e\u0026\u2028\u2029."`), text);
  });

  row("only the key document has cache-control", async (hanko) => {
    const { token } = await hanko.signedIn();
    const others = [hanko.validate(token), hanko.ask("GET", "/me", { token }), hanko.ask("GET", "/nope")];
    for (const answer of await Promise.all(others)) assertHeaders(answer, { "cache-control": null, etag: null });
    assertHeaders(await hanko.ask("GET", "/.well-known/jwks.json"), { "cache-control": "max-age=600", etag: null });
  });

  row("every answer has an x-request-id, and one that was sent is echoed", async (hanko) => {
    const first = (await hanko.ask("GET", "/me")).headers.get("x-request-id");
    const second = (await hanko.ask("GET", "/me")).headers.get("x-request-id");
    assert.match(first, /^[A-Za-z]{32}$/);
    assert.notEqual(first, second);
    const given = `contract-${crypto.randomUUID()}`;
    const echoed = await hanko.ask("GET", "/.well-known/jwks.json", { headers: { "x-request-id": given } });
    assertHeaders(echoed, { "x-request-id": given });
  });

  row("a body needs the content type application/json, whatever its parameters are", async (hanko) => {
    const { token } = await hanko.signedIn();
    const body = JSON.stringify({ session_token: token });
    const post = (type) =>
      hanko.ask("POST", "/sessions/validate", { body, headers: type === undefined ? {} : { "content-type": type } });
    for (const type of [
      undefined,
      "text/plain",
      "APPLICATION/JSON",
      "application/jsonx",
      "application/json,text/plain",
    ])
      assertBareFailure(await post(type), 415, type);
    for (const type of ["application/json", "application/json; charset=utf-8", "application/json;x"])
      assert.equal((await post(type)).json.is_valid, true, type);
    assertFailure(await post("application/x-www-form-urlencoded"), 400);
  });

  row("the health checks and the status page answer", async (hanko) => {
    assertAnswer(await hanko.ask("GET", "/health/alive"), 200, { alive: true });
    assertAnswer(await hanko.ask("GET", "/health/ready"), 200, { ready: true });
    const page = await hanko.ask("GET", "/");
    assert.deepEqual([page.status, page.headers.get("content-type")], [200, "text/html; charset=UTF-8"]);
    assert.match(
      page.text,
      /API is running\.<\/p>\n<p>Check integration guides on <a [^>]+>docs\.hanko\.io<\/a><\/p>\n\n/,
    );
  });
}
