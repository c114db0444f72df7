export const API_URL = "https://auth.example.com";

/**
 * Asks a handler of requests, or a Worker, about somebody without a session, with one, and with one while Hanko is down.
 *
 * @param {(request: Request) => Promise<Response>} handle
 * @returns {Promise<{ statuses: number[], named: boolean }>} the three statuses, and whether the second answer names the user
 */
export async function probe(server, handle) {
  const { user_id } = await server.createUser({});
  const session = async () => ({ authorization: `Bearer ${(await server.createSession(user_id)).token}` });
  const ask = (headers) => handle(new Request("https://app.example/", { headers }));
  const without = await ask({});
  const signedIn = await ask(await session());
  server.setOutage("database-away");
  // Another session: a yes that is remembered would bridge the outage.
  const down = await ask(await session());
  server.setOutage(null);
  return { statuses: [without.status, signedIn.status, down.status], named: (await signedIn.text()).includes(user_id) };
}
