/** Recorded exchanges with a real Hanko server, and the good tokens in them. */
import { readFileSync } from "node:fs";

const folder = new URL("../../vectors/recorded/", import.meta.url);

/** The file of a topic, e.g. `("3.0.4", "validate")`. */
export function readRecording(release, topic) {
  return JSON.parse(readFileSync(new URL(`${release}/${topic}.json`, folder), "utf8"));
}

/** Every token of the recording that one of its keys signed: `{ text, parts, payload, kid }`. */
export async function goodTokens(recording) {
  const texts = JSON.stringify(recording).match(/eyJ[\w-]{20,}\.[\w-]{20,}\.[\w-]{100,}/g) ?? [];
  const tokens = await Promise.all([...new Set(texts)].map((text) => readGood(text, recording.jwks)));
  return tokens.filter((token) => token !== undefined);
}

async function readGood(text, jwks) {
  const parts = text.split(".");
  const [header, payload] = parts.slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  const jwk = jwks.keys.find(({ kid }) => kid === header.kid);
  if (!jwk) return undefined;
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
  const signature = Buffer.from(parts[2], "base64url");
  const good = await crypto.subtle.verify(algorithm, key, signature, Buffer.from(`${parts[0]}.${parts[1]}`));
  return good && signature.toString("base64url") === parts[2] ? { text, parts, payload } : undefined;
}

/** What `/me` showed of a person anywhere in the recording, as `createUser` takes it. */
export function recordedUser(recording, userId) {
  for (const { request, response } of recording.scenarios.flatMap(({ exchanges }) => exchanges)) {
    if (request?.to || !request?.path.startsWith("/me") || response.status !== 200) continue;
    const { id, username, metadata, ...others } = JSON.parse(response.body);
    if (id !== userId) continue;
    const filled = { public_metadata: {}, unsafe_metadata: {}, ...metadata };
    return { emails: [], ...others, ...(username && { username: username.username }), metadata: filled };
  }
  return undefined;
}
