/** RSA keys, and the document that lists them (RFC 7517). */

export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  /** The modulus, base64url. */
  n: string;
}

export const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** The keys that one secret makes: one, and in 2.7 two (`jwks#jwks-one-key`). The last one signs. */
export function generateKeys(version: "2.7" | "3.0", bits: number): Promise<SigningKey[]> {
  return Promise.all(Array.from({ length: version === "2.7" ? 2 : 1 }, () => generateKey(bits)));
}

async function generateKey(bits: number): Promise<SigningKey> {
  const algorithm = { ...RS256, modulusLength: bits, publicExponent: new Uint8Array([1, 0, 1]) };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const { n = "" } = await crypto.subtle.exportKey("jwk", publicKey);
  return { kid: crypto.randomUUID(), privateKey, publicKey, n };
}

/** Oldest first, with Hanko's members in Hanko's order. */
export function keyDocument(keys: readonly SigningKey[]): string {
  return JSON.stringify({
    keys: keys.map(({ kid, n }) => ({ alg: "RS256", e: "AQAB", kid, kty: "RSA", n, use: "sig" })),
  });
}
