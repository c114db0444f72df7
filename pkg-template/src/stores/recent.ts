/** What this isolate has seen of a list that is kept elsewhere. */
import { merged, type Revoked } from "./revoked.js";

/** Names that are remembered. One that is forgotten costs a read. */
const MAX = 10_000;

interface Seen {
  readonly revoked: Revoked | undefined;
  /** When the read began, in milliseconds since 1970. NaN: there was none. */
  readonly at: number;
}

export class Recent {
  readonly #seen = new Map<string, Seen>();
  readonly #freshFor: number;

  /** @param freshFor milliseconds for which the absence of an entry is believed */
  constructor(freshFor: number) {
    this.#freshFor = freshFor;
  }

  /** An entry once seen stays seen until it ends: an older copy of the list does not take it back. */
  get(name: string): Revoked | undefined {
    return this.#seen.get(name)?.revoked;
  }

  isFresh(name: string): boolean {
    const age = Date.now() - (this.#seen.get(name)?.at ?? NaN);
    return age >= 0 && age < this.#freshFor;
  }

  /** Adds what a read, begun then, has found; or what is written without one, at NaN. */
  add(name: string, revoked: Revoked | undefined, at: number): void {
    const known = this.#seen.get(name);
    this.#seen.delete(name);
    this.#seen.set(name, { revoked: merged(known?.revoked, revoked), at });
    if (this.#seen.size > MAX) this.#seen.delete(this.#seen.keys().next().value!);
  }
}
