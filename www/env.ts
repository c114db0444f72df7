/** The bindings of the demo Worker: one of the two Hankos is there. */
export interface Env {
  /** The test server, as a second Worker behind a service binding. */
  HANKO?: { fetch: typeof globalThis.fetch };
  /** The base URL of a real Hanko. */
  HANKO_API_URL?: string;
  /** The option `outageGrace`, for tests. In seconds. */
  OUTAGE_GRACE?: number;
}

/** The base URL of the test server. No host of this name exists: only the service binding answers to it. */
export const TEST_API_URL = "https://demo.hanko.test";

/** Where the test server takes orders; a real Hanko has no such path. */
export const CONTROL_PATH = "/control/";

/** Where the test server posts its webhooks: the service binding answers, whatever the host. */
export const HOOK = "https://demo.example/hooks/hanko";

/** What the session JWT template of the test server adds to the claims. */
export type CustomClaims = { name?: string };
