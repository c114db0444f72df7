import { createHanko } from "hanko-edge";

export function firstVerify({ apiUrl, jwks, token }) {
  const hanko = createHanko({ apiUrl, mode: "local", fetch: async () => new Response(jwks) });
  return hanko.verifySession(token).then(({ claims }) => claims.subject);
}
