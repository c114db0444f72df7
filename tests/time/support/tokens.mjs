/** Tokens taken apart and put together again. Their signatures are no longer good. */
export function withHeader(token, members) {
  const [header, ...rest] = token.split(".");
  return [encode({ ...decode(header), ...members }), ...rest].join(".");
}

export function withClaims(token, members) {
  const [header, payload, signature] = token.split(".");
  return [header, encode({ ...decode(payload), ...members }), signature].join(".");
}

export function decode(part) {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
