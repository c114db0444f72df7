/** What can be learnt of a Hanko by asking it. */
import { NOBODY } from "./answers.mjs";
import { login, register } from "./login.mjs";
import { withReceiver } from "./receiver.mjs";
import { payloadOf } from "./tokens.mjs";

/**
 * Which of the two families this is: since 3.0 `GET /users/{id}` is no route.
 *
 * @throws {Error} where no Hanko answers
 */
export async function versionOf(apiUrl) {
  const keys = await fetch(`${apiUrl}/.well-known/jwks.json`, { redirect: "manual" }).catch(({ cause }) => {
    throw new Error(`nothing answers at ${apiUrl}: ${cause?.code ?? "no connection"}`);
  });
  if (keys.status !== 200 || !Array.isArray((await keys.json().catch(() => ({}))).keys))
    throw new Error(`no Hanko at ${apiUrl}: /.well-known/jwks.json is no key document (${keys.status})`);
  const { status } = await fetch(`${apiUrl}/users/${NOBODY}`, { redirect: "manual" });
  if (status === 401) return "2.7";
  if (status === 404) return "3.0";
  throw new Error(`${apiUrl}/users/{id} answers ${status} without a session: neither 2.x nor 3.x`);
}

/** Seconds of `session.idle_timeout`, undefined where it is off. */
export async function idleTimeoutOf(subject) {
  const { token } = await subject.signedIn();
  const { idle_expires_at: end } = (await subject.ask("GET", "/sessions/validate", { token })).json;
  if (end === undefined) return undefined;
  const seconds = (Date.parse(end) - payloadOf(token).iat * 1000) / 1000;
  // `iat` has lost its fraction.
  return Math.ceil(seconds - 1);
}

/** Whether this origin may read answers. */
export async function isListed(apiUrl, origin) {
  const { headers } = await fetch(`${apiUrl}/me`, { headers: { origin } });
  return headers.get("access-control-allow-origin") === origin;
}

/** Why nobody can sign in here with an address and a password alone; undefined where one can. */
export async function reasonAgainstLogin(subject) {
  try {
    const address = `${crypto.randomUUID()}@contract.example`;
    const { json } = await register(subject, address);
    subject.remember(json.payload.claims.subject);
    await login(subject, address);
    return undefined;
  } catch (error) {
    return error.message;
  }
}

/** Why no webhook arrives from this server; undefined where one does. */
export async function reasonAgainstWebhooks(subject) {
  try {
    await withReceiver(subject, ["user.create"], async (delivered) => {
      await subject.newUser();
      await delivered(() => true);
    });
    return undefined;
  } catch (error) {
    return `webhooks: ${error.message}`;
  }
}
