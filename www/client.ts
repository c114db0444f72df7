import { createHanko } from "hanko-edge";
import type { Hanko } from "hanko-edge";
import { memoryRevocations } from "hanko-edge/stores";

import { CONTROL_PATH, TEST_API_URL } from "./env";
import type { CustomClaims, Env } from "./env";

/** Long enough for any Hanko in good health, short enough to watch. In milliseconds. */
export const TIMEOUT = 2000;

/** Hanko's word is taken for a short time, to watch it end. In seconds; the page's words for hybrid say the same. */
const REVALIDATE_AFTER = 3;
const OUTAGE_GRACE = 20;

/** The sessions that webhooks ended. One isolate serves this demo; many would share a KV or a Redis. */
export const revocations = memoryRevocations();

/** One request that was made to Hanko; `status` is null where no answer came. */
export interface AskedOfHanko {
  method: string;
  path: string;
  status: number | null;
}

/** Sends a request to this Worker's Hanko: through the service binding where there is one, else over the network. */
export function sendToHanko(env: Env, request: Request): Promise<Response> {
  return env.HANKO ? env.HANKO.fetch(request) : fetch(request);
}

/** Gives the test server an order. */
export function orderHanko(env: Env, name: string, body = ""): Promise<Response> {
  return sendToHanko(env, new Request(`${hankoUrl(env)}${CONTROL_PATH}${name}`, { method: "POST", body }));
}

export function hankoUrl(env: Env): string {
  return env.HANKO ? TEST_API_URL : String(env.HANKO_API_URL).replace(/\/+$/, "");
}

/**
 * A client for this request, which notes in `asked` what it asks of Hanko. With an `origin`, cookies count in unsafe
 * requests from there only.
 * One made per request is as warm as one kept: keys, and what Hanko said, are remembered by `apiUrl`.
 */
export function clientFor(env: Env, asked: AskedOfHanko[] = [], origin?: string): Hanko<CustomClaims> {
  const apiUrl = hankoUrl(env);
  return createHanko<CustomClaims>({
    apiUrl,
    timeout: TIMEOUT,
    revalidateAfter: REVALIDATE_AFTER,
    outageGrace: env.OUTAGE_GRACE ?? OUTAGE_GRACE,
    revocations,
    ...(origin && { allowedOrigins: [origin] }),
    allowInsecure: apiUrl.startsWith("http:"),
    fetch: async (input) => {
      const request = input as Request;
      const entry: AskedOfHanko = { method: request.method, path: pathOf(request), status: null };
      asked.push(entry);
      const response = await sendToHanko(env, request);
      entry.status = response.status;
      return response;
    },
  });
}

/** With the flow's action, and without its id. */
function pathOf({ url }: Request): string {
  const { pathname, searchParams } = new URL(url);
  const action = searchParams.get("action")?.split("@")[0];
  return action === undefined ? pathname : `${pathname} ${action}`;
}
