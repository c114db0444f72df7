/** How many requests a call costs, of a server of either version. Counted, not timed. */
import { createHanko } from "hanko-edge";
import { createTestHanko } from "hanko-edge/testing";

const VERSIONS = ["2.7", "3.0"];

/** @returns {Promise<Record<string, { user: number, first: number, second: number }>>} requests by version and call */
export async function measureRequests() {
  const counted = {};
  for (const version of VERSIONS) counted[version] = await requestsOf(version);
  return counted;
}

async function requestsOf(version) {
  const server = await createTestHanko({ version });
  const { user_id } = await server.createUser({ username: "ada" });
  const { token } = await server.createSession(user_id);
  const hanko = createHanko({ apiUrl: server.apiUrl, fetch: server.fetch });
  const sent = async (call) => {
    server.requests.length = 0;
    const answer = await call();
    return { answer, requests: server.requests.length };
  };
  const user = await sent(() => hanko.getCurrentUser({ token }));
  const first = await sent(() => hanko.patchUnsafeMetadata({ theme: "dark" }, { token }));
  const second = await sent(() => hanko.patchUnsafeMetadata({ size: 2 }, { token }));
  const right =
    user.answer.username === "ada" &&
    second.answer.unsafe_metadata?.theme === "dark" &&
    second.answer.unsafe_metadata.size === 2;
  if (!right) throw new Error(`${version}: the answers are not those of the person`);
  return { user: user.requests, first: first.requests, second: second.requests };
}
