// What a place for texts can do to its user.

/** The deadline of every call here. */
export const DEADLINE_MS = 2000;
/** What a store may cost of it, with the time that a busy machine takes for the rest. */
export const SHARE_MS = DEADLINE_MS / 4;
export const LIMIT_MS = SHARE_MS + 500;

/** By name: what every method of the place does. */
export const FAULTS = {
  throws: () => {
    throw new Error("the store throws");
  },
  rejects: () => Promise.reject(new Error("the store rejects")),
  "rejects with undefined": () => Promise.reject(),
  hangs: () => new Promise(() => {}),
  "is slow": () => new Promise((resolve) => setTimeout(resolve, 2 * DEADLINE_MS).unref?.()),
  "answers undefined": () => undefined,
  "answers a number": () => 7,
  "answers an object": async () => ({ text: () => ({ keys: [] }) }),
  "answers with garbage": async () => Object.assign(new String("garbage"), { text: async () => "garbage" }),
  "answers with a text": async () => "hanko-edge/v1 {",
  "answers with 8 MB": async () => "x".repeat(8e6),
};

/** Those that answer nothing before a quarter of the deadline has passed. */
export const WAITING = ["hangs", "is slow"];

/** A place all of whose methods have this fault. */
export function faulty(fault, methods) {
  return Object.fromEntries(methods.map((method) => [method, FAULTS[fault]]));
}
