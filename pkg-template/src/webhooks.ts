/** hanko-edge/webhooks: the receiving end of Hanko's webhooks. */
export type { WebhookRouteOptions } from "./webhooks/options.js";
export { webhookRoute } from "./webhooks/route.js";
