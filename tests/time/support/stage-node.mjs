/** Calls in this process, straight to the test server: nothing is left behind. */
import { clock } from "./clock.mjs";
import { contained, settledByHost } from "./faults.mjs";
import { flood, perform } from "./perform.mjs";
import { withServer } from "./http.mjs";

const servers = new Map();

export const node = {
  name: "Node",

  /** Options by which clients reach a test server. */
  reach(server) {
    servers.set(server.apiUrl, server);
    return { apiUrl: server.apiUrl };
  },

  /** A call; it settles by its deadline, and what goes on behind the answer is waited for. */
  async call(what, deadline = what.client.timeout) {
    const server = servers.get(what.client.apiUrl);
    const work = [];
    const waitUntil = what.behind && ((promise) => work.push(promise));
    // The host's own fetch keeps some sockets.
    const limited = server ? contained : settledByHost;
    return limited(deadline, async () => {
      const outcome = await perform(what, { fetch: server?.fetch, waitUntil });
      await Promise.all(work);
      return outcome;
    });
  },

  flood: (what) => flood(what, { fetch: servers.get(what.client.apiUrl).fetch, advance: clock.advance }),

  withServer,
};
