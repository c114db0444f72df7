/** The JSON of one base64url part of a token (RFC 7515 section 2), read by the host alone. */
export function partOf(token, index) {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(token.split(".")[index])));
}

export const payloadOf = (token) => partOf(token, 1);

/** The token with other claims, under the old signature. */
export function withClaims(token, members) {
  const [header, , signature] = token.split(".");
  const bytes = new TextEncoder().encode(JSON.stringify({ ...payloadOf(token), ...members }));
  return [header, base64url(bytes), signature].join(".");
}

/** SHA-256 of a text, base64url. */
export async function sha256(text) {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

function base64url(bytes) {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Whole seconds after 1970 as Hanko prints them (RFC 3339, no fraction digits). */
export const rfc3339 = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

const bytesOf = (part) => Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const isCanonical = (part) =>
  btoa(String.fromCharCode(...bytesOf(part))).replace(/=+$/, "") === part.replaceAll("-", "+").replaceAll("_", "/");

/** Whether this is a canonical token with an RS256 signature by one of these keys, as the host's WebCrypto says. */
export async function isSignedBy(token, jwks) {
  const parts = token.split(".");
  const jwk = parts.length === 3 && keyOf(parts, jwks);
  if (!jwk) return false;
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
  return crypto.subtle.verify(algorithm, key, bytesOf(parts[2]), new TextEncoder().encode(`${parts[0]}.${parts[1]}`));
}

/** The key that a token names, `undefined` where the token cannot be read. */
function keyOf(parts, jwks) {
  try {
    if (!parts.every((part) => /^[\w-]+$/.test(part) && isCanonical(part))) return undefined;
    return jwks.keys.find(({ kid }) => kid === partOf(parts.join("."), 0).kid);
  } catch {
    return undefined;
  }
}
