/** A test server on loopback under many addresses, so that each is cold once, whose answers take a while. */
import { createTestHanko } from "hanko-edge/testing";
import { startFront } from "./front.mjs";

/**
 * `delayMs` for each answer. `fetches` counts key documents by address, `asks` what is asked about sessions.
 */
export async function startKeyServer(delayMs) {
  const hanko = await createTestHanko();
  hanko.break({ delayMs });
  const [fetches, asks] = [new Map(), new Map()];
  const front = await startFront(
    () => hanko,
    (address, path) => {
      const counts = path.startsWith("/.well-known") ? fetches : asks;
      counts.set(address, (counts.get(address) ?? 0) + 1);
    },
  );
  return { hanko, fetches, asks, ...front };
}
