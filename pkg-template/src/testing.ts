/** hanko-edge/testing: a Hanko server in memory, for the tests of people who use this package, for our own, and for the demo. */
export { createTestHanko } from "./testing/server.js";
export type { Break, TestHanko, TestHankoOptions, TestRequest } from "./testing/types.js";
