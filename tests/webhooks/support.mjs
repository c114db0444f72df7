/** A route over a client that takes any token for an event, and short ways to post. */
import { webhookRoute } from "hanko-edge/webhooks";

const URL = "https://app.example/hooks/hanko";
const MINUTE = 60_000;

/** `iat` of every event here, in milliseconds since 1970: just now, in whole seconds. */
export const ISSUED_AT = Math.floor(Date.now() / 1000) * 1000;

/** An event as `verifyWebhook` tells it; its id is the token's text. */
export function eventOf(token, event = "user.login", data = {}) {
  return { id: token, event, data, issuedAt: new Date(ISSUED_AT), expiresAt: new Date(ISSUED_AT + 5 * MINUTE) };
}

/** A client whose tokens are texts of JSON: what they hold is what `verifyWebhook` is to say of them. */
export const trusting = {
  async verifyWebhook({ token }) {
    return eventOf(token, ...JSON.parse(token));
  },
};

/** The body of a webhook for {@link trusting}. `mark` makes two alike events two. */
export function bodyOf(event, data, mark) {
  return JSON.stringify({ token: JSON.stringify([event, data, mark]), event });
}

export function post(route, body, context, headers) {
  return route(new Request(URL, { method: "POST", body, headers, duplex: "half" }), context);
}

/** A route over {@link trusting}, and all that it does, in order. */
export function recorded(options = {}) {
  const done = [];
  const note = (name, answer) =>
    function (...given) {
      done.push([name, ...given]);
      return answer?.(...given);
    };
  const client = { verifyWebhook: note("verify", trusting.verifyWebhook) };
  const route = webhookRoute(client, {
    revocations: { isRevoked: note("ask"), revoke: note("revoke"), revokeUser: note("revokeUser") },
    seen: { add: note("remember", () => true) },
    onEvent: note("tell"),
    ...options,
  });
  return { route, done, names: () => done.map(([name]) => name) };
}
