import { webhookRoute } from "hanko-edge/webhooks";

import { clientFor, revocations } from "./client";
import type { Env } from "./env";

/** Where Hanko delivers its webhooks. What they end is on the list that every client here asks. */
export function hookResponse(request: Request, env: Env): Promise<Response> {
  return webhookRoute(clientFor(env), { revocations })(request);
}
