/** Tokens, read and bent. */

export function headerOf(token) {
  return decode(token.split(".")[0]);
}

export function payloadOf(token) {
  return decode(token.split(".")[1]);
}

/** The same token with another signature of the same length. */
export function forged(token) {
  const at = token.lastIndexOf(".") + 20;
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

/** The claims of `token` under `alg: none`, with this for a signature. */
export function unsigned(token, signature = "") {
  const header = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
  return `${header}.${token.split(".")[1]}.${signature}`;
}

const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** A key as long as Hanko's, made once: that takes seconds. */
let foreignKey;

/** Signed, but by a key of which the header says that it is Hanko's. */
export async function signedByAnother(token) {
  const wanted = { ...ALGORITHM, modulusLength: 4096, publicExponent: new Uint8Array([1, 0, 1]) };
  foreignKey ??= crypto.subtle.generateKey(wanted, false, ["sign"]);
  const { privateKey } = await foreignKey;
  const signed = token.split(".").slice(0, 2).join(".");
  const signature = await crypto.subtle.sign(ALGORITHM, privateKey, new TextEncoder().encode(signed));
  return `${signed}.${Buffer.from(signature).toString("base64url")}`;
}

function decode(part) {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}
