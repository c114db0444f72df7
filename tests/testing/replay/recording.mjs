/** Recorded exchanges with a real Hanko server, the good tokens in them, and what they show of persons. */
import { readFileSync, readdirSync } from "node:fs";

const folder = new URL("../../vectors/recorded/", import.meta.url);

export function topicsOf(release) {
  return readdirSync(new URL(`${release}/`, folder)).map((file) => file.replace(".json", ""));
}

/** The file of a topic, e.g. `("3.0.4", "validate")`. */
export function readRecording(release, topic) {
  const recording = JSON.parse(readFileSync(new URL(`${release}/${topic}.json`, folder), "utf8"));
  if (/^(flow-|admin-metadata)/.test(topic)) for (const { exchange } of exchangesOf(recording)) addAddress(exchange);
  return recording;
}

/** These topics do not name the address; only the public API's answers have `vary`. */
function addAddress({ request, response }) {
  if (response && !("vary" in response.headers)) request.to = "admin";
}

/** In the recorded order, each with its name: `topic#scenario[index]`. */
export function exchangesOf({ topic, scenarios }) {
  return scenarios.flatMap((scenario) =>
    scenario.exchanges.map((exchange, index) => ({ name: `${topic}#${scenario.name}[${index}]`, scenario, exchange })),
  );
}

/** Every token of the recording that one of its keys signed: `{ text, parts, payload, kid }`. */
export async function goodTokens(recording) {
  const texts = JSON.stringify(recording).match(/eyJ[\w-]{20,}\.[\w-]{20,}\.[\w-]{100,}/g) ?? [];
  const keys = recording.jwks?.keys ?? publishedKeys(recording);
  const tokens = await Promise.all([...new Set(texts)].map((text) => readGood(text, keys)));
  return tokens.filter((token) => token !== undefined);
}

/** Some topics have the key document as an exchange only. */
function publishedKeys(recording) {
  const { exchange } = exchangesOf(recording).find((one) => one.exchange.request?.path.endsWith("/jwks.json"));
  return JSON.parse(exchange.response.body).keys;
}

async function readGood(text, keys) {
  const parts = text.split(".");
  const [header, payload] = parts.slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  const jwk = keys.find(({ kid }) => kid === header.kid);
  if (!jwk) return undefined;
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
  const signature = Buffer.from(parts[2], "base64url");
  const good = await crypto.subtle.verify(algorithm, key, signature, Buffer.from(`${parts[0]}.${parts[1]}`));
  return good && signature.toString("base64url") === parts[2] ? { text, parts, payload } : undefined;
}

/** What the public API or the Admin API showed first of a person, as `createUser` takes it. */
export function recordedUser(recording, userId) {
  for (const { exchange } of exchangesOf(recording)) {
    const shown = shownUser(exchange);
    if (shown?.id !== userId) continue;
    const { id: _, username, emails = [], metadata, ...others } = shown;
    // After a patch it is no longer what it was.
    const isPatched = exchange.request.path.includes("patch_metadata") && exchange.response.status === 200;
    const filled = { public_metadata: {}, unsafe_metadata: {}, ...(!isPatched && metadata) };
    const name = username && { username: username.username ?? username };
    return { ...others, emails: emails.map(withoutTimes), ...name, metadata: filled };
  }
  return undefined;
}

function shownUser({ request, response }) {
  if (!request || !/^\{/.test(response?.body ?? "") || /…/.test(response.body)) return undefined;
  if (request.path.startsWith("/me")) return JSON.parse(response.body);
  return request.path.startsWith("/profile") ? JSON.parse(response.body).payload?.user : undefined;
}

function withoutTimes({ created_at: _, updated_at: __, ...email }) {
  return email;
}
