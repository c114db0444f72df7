import { createRemoteJWKSet, customFetch, jwtVerify } from "jose";

export function firstVerify({ apiUrl, jwks, token }) {
  const url = new URL(`${apiUrl}/.well-known/jwks.json`);
  const keys = createRemoteJWKSet(url, { [customFetch]: async () => new Response(jwks) });
  return jwtVerify(token, keys, { algorithms: ["RS256"], clockTolerance: 5 }).then(({ payload }) => payload.sub);
}
