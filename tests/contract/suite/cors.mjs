/** CORS of the public API, with Hanko's default list (`protocol/sessions.md` section 11). */
import assert from "node:assert/strict";

import { assertAnswer, assertHeaders } from "../support/answers.mjs";

const EXPOSED =
  "Retry-After,X-RateLimit-Limit,X-RateLimit-Remaining,X-RateLimit-Reset,X-Session-Lifetime,X-Session-Retention";
/** Both families list what Echo did by default when they were made; neither list is what is allowed. */
const METHODS = { 2.7: "GET,HEAD,PUT,PATCH,POST,DELETE", "3.0": "GET,POST,PUT,PATCH,DELETE,OPTIONS" };
const ELSEWHERE = "https://elsewhere.example";

export function cors(row) {
  row.needs("origin", "a listed origin may read every answer, errors too, with credentials", async (hanko) => {
    const { token } = await hanko.signedIn();
    const headers = { origin: hanko.origin };
    const asked = ["GET /me", "GET /.well-known/jwks.json", "GET /nope", "GET /sessions/validate"];
    for (const ask of asked)
      for (const given of [{ headers }, { headers, token }]) {
        const answer = await hanko.ask(...ask.split(" "), given);
        assertHeaders(answer, {
          "access-control-allow-origin": hanko.origin,
          "access-control-allow-credentials": "true",
          vary: "Origin",
        });
        const exposed = answer.headers.get("access-control-expose-headers").replace(",X-Auth-Token", "");
        assert.equal(exposed, EXPOSED, ask);
      }
  });

  row.needs("origin", "a listed origin's preflight: any header that is asked for, for two hours", async (hanko) => {
    for (const asked of ["authorization,content-type", "x-anything"])
      for (const path of ["/sessions/validate", "/me", "/profile", "/nope"]) {
        const preflight = { "access-control-request-method": "POST", "access-control-request-headers": asked };
        const answer = await hanko.ask("OPTIONS", path, { headers: { origin: hanko.origin, ...preflight } });
        assertAnswer(answer, 204);
        assertHeaders(answer, {
          "access-control-allow-origin": hanko.origin,
          "access-control-allow-credentials": "true",
          "access-control-allow-headers": asked,
          "access-control-allow-methods": METHODS[hanko.version],
          "access-control-max-age": "7200",
          vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        });
      }
  });

  row.needs("origin", "another origin is answered without those headers", async (hanko) => {
    const { token } = await hanko.signedIn();
    for (const origin of [ELSEWHERE, hanko.origin.toUpperCase(), `${hanko.origin}0`, "null"]) {
      const answer = await hanko.ask("GET", "/me", { token, headers: { origin } });
      const none = { "access-control-allow-origin": null, "access-control-allow-credentials": null };
      assertHeaders(answer, { ...none, "access-control-expose-headers": null, vary: "Origin" }, origin);
      assert.equal(answer.status, 200);
      const preflight = { origin, "access-control-request-method": "GET" };
      const refused = await hanko.ask("OPTIONS", "/me", { headers: preflight });
      assertAnswer(refused, 204);
      assertHeaders(refused, { ...none, "access-control-allow-methods": null, vary: "Origin" }, origin);
    }
  });

  row("the Admin API has no CORS", async (hanko) => {
    const { userId } = await hanko.signedIn();
    const answer = await hanko.admin("GET", `/users/${userId}`, { headers: { origin: hanko.origin } });
    assertAnswer(answer, 200);
    assertHeaders(answer, { "access-control-allow-origin": null, vary: null });
    assert.equal((await hanko.admin("OPTIONS", `/users/${userId}`)).status, 404);
  });
}
