/** Bad days of the database: what one request gets of it (`outage#database-down`, `outage-connections#crowded`). */
import type { Database } from "./world.js";

export type OutageKind = "database-away" | "crowded" | null;

/** Shares of the answers, measured at 12 calls at a time over two connections. */
const CROWDED = [
  { path: "/sessions/validate", unreadable: 0.05, failing: 0.06 },
  { path: "/me", unreadable: 0.05, failing: 0.2 },
  { path: "/profile", unreadable: 0.05, failing: 0.2 },
  { path: "/users/", unreadable: 0.05, failing: 0.2 },
  { path: "/.well-known/jwks.json", unreadable: 0.05, failing: 0 },
];

const SEED = 0x68616e6b;

export class Outage {
  #kind: OutageKind = null;
  #random: () => number = mulberry32(SEED);

  set(kind: OutageKind): void {
    this.#kind = kind;
    this.#random = mulberry32(SEED);
  }

  /** How the database serves the next request to this path. */
  next(path: string): Database {
    if (this.#kind === null) return "well";
    if (this.#kind === "database-away") return "unreadable";
    const shares = CROWDED.find((one) => path.startsWith(one.path));
    if (!shares) return "well";
    const chance = this.#random();
    if (chance < shares.unreadable) return "unreadable";
    return chance < shares.unreadable + shares.failing ? "failing" : "well";
  }
}

/** Tommy Ettinger's generator: the same numbers from 0 to 1 for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
