/**
 * A tenant whose answers the test scripts: its keys are listed or not, its sessions live or not, and it can be down.
 * It checks no signature, so that many thousand steps are quick; the client does.
 */
const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const json = (value, status = 200) => Response.json(value, { status });

/** A key for signing, and as the key document lists it. */
export async function generateKey(kid) {
  const algorithm = { ...RS256, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const { n } = await crypto.subtle.exportKey("jwk", publicKey);
  return { privateKey, listed: { alg: "RS256", e: "AQAB", kid, kty: "RSA", n, use: "sig" } };
}

export class ScriptedHanko {
  /** Keys as listed. */
  keys = [];
  /** Ids of sessions that have not ended. */
  live = new Set();
  /** `null`, or how it fails: "down", "500", "429", "away" or "nonsense". */
  outage = null;

  /** A session, live, and its token. `iat` and `exp` in seconds. */
  async createSession({ privateKey, listed }, iat, exp) {
    const [sub, session_id] = [crypto.randomUUID(), crypto.randomUUID()];
    const parts = [
      { alg: "RS256", kid: listed.kid, typ: "JWT" },
      { sub, session_id, iat, exp, aud: ["localhost"], plan: "free" },
    ];
    const input = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    const signature = Buffer.from(await crypto.subtle.sign(RS256, privateKey, Buffer.from(input)));
    this.live.add(session_id);
    return { token: `${input}.${signature.toString("base64url")}`, sessionId: session_id, userId: sub, exp };
  }

  /** Gives `fetch` to any number of clients; each may use an address of its own. */
  fetch = async (request) => {
    const isKeys = request.url.includes("/.well-known/jwks.json");
    if (this.outage === "down") throw new TypeError("fetch failed");
    if (this.outage === "429") return new Response("{}", { status: 429, headers: { "retry-after": "3" } });
    if (this.outage === "500" || (this.outage === "away" && isKeys)) return json({ code: 500 }, 500);
    if (this.outage === "nonsense") return new Response("<!doctype html>");
    if (isKeys) return json({ keys: this.keys });
    if (this.outage === "away") return json({ is_valid: false });
    return json(this.#validate((await request.json()).session_token));
  };

  #validate(token) {
    const [header, claims] = token
      .split(".")
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, "base64url")));
    const good = this.live.has(claims.session_id) && this.keys.some(({ kid }) => kid === header.kid);
    if (!good || Date.now() >= claims.exp * 1000) return { is_valid: false };
    const expiration_time = new Date(claims.exp * 1000).toISOString();
    return { is_valid: true, user_id: claims.sub, expiration_time, claims: {} };
  }
}
