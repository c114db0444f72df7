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

/**
 * Delivers webhooks to a handler's `/hooks/hanko` while two sessions of one user live: the end of one, twice, what is none,
 * and the end of the user.
 *
 * @returns {Promise<{ delivered: number[], seen: number[][] }>} the statuses of the deliveries, and before, between and
 *   after them those of the two sessions
 */
export async function probeWebhooks(server, handle) {
  const { user_id } = await server.createUser({});
  const sessions = [await server.createSession(user_id), await server.createSession(user_id)];
  const look = async () => {
    const requests = sessions.map(({ token }) => {
      return new Request("https://app.example/", { headers: { authorization: `Bearer ${token}` } });
    });
    return (await Promise.all(requests.map(handle))).map(({ status }) => status);
  };
  const deliver = async (webhook) => {
    const body = JSON.stringify(webhook);
    return (await handle(new Request("https://app.example/hooks/hanko", { method: "POST", body }))).status;
  };
  const data = { id: sessions[0].sessionId, user_id, expires_at: new Date(Date.now() + 3600_000).toISOString() };
  const ended = await server.createWebhook("session.delete.explicit.logout", data);
  const deleted = await server.createWebhook("user.delete", { id: user_id });
  const seen = [await look()];
  const delivered = [await deliver(ended), await deliver(ended), await deliver({ token: sessions[1].token })];
  seen.push(await look());
  delivered.push(await deliver(deleted));
  seen.push(await look());
  return { delivered, seen };
}
