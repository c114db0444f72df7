// A thread that makes distinct tokens, every second one good. RS256 with 2048 bits: a signature costs less to make, and what is remembered is the same.
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const kid = randomUUID();
const { n, e } = publicKey.export({ format: "jwk" });
parentPort.postMessage({ jwks: JSON.stringify({ keys: [{ alg: "RS256", e, kid, kty: "RSA", n, use: "sig" }] }) });

/** Each is a token that is not valid, made from a good one. */
const SPOILERS = [
  (good) => [good[0], encode(claims()), good[2]],
  (good) => [encode({ alg: "none", kid, typ: "JWT" }), ...good.slice(1)],
  (good) => [encode({ alg: "RS256", kid: randomUUID(), typ: "JWT" }), encode(claims()), good[2]],
  (good) => [good[0], encode({ ...claims(), exp: workerData.claims.iat - 60 }), good[2]],
  (good) => [good[0], encode(claims()).slice(0, -3), good[2]],
  () => [randomUUID(), randomUUID()],
];
let made = 0;

parentPort.on("message", (count) => {
  const tokens = [];
  while (tokens.length < count) {
    const good = signed();
    const spoil = SPOILERS[made++ % SPOILERS.length];
    tokens.push(good.join("."), spoil(good).join("."));
  }
  parentPort.postMessage({ tokens });
});

function signed() {
  const [header, payload] = [encode({ alg: "RS256", kid, typ: "JWT" }), encode(claims())];
  const signature = sign("sha256", Buffer.from(`${header}.${payload}`), privateKey);
  return [header, payload, signature.toString("base64url")];
}

function claims() {
  return { ...workerData.claims, sub: randomUUID(), session_id: randomUUID() };
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
