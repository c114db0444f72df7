/** Ids of events in the memory of one process. */
import type { WebhookRouteOptions } from "./options.js";

type Seen = NonNullable<WebhookRouteOptions["seen"]>;

const MAX = 10_000;

/** By `onEvent`, which each event is to reach once. */
const memories = new WeakMap<object, Seen>();

export function memoryFor(onEvent: object): Seen {
  const memory = memories.get(onEvent) ?? new Memory();
  memories.set(onEvent, memory);
  return memory;
}

class Memory implements Seen {
  /** When an id is forgotten, in milliseconds since 1970; the oldest first. */
  readonly #until = new Map<string, number>();

  /** Where it is full the oldest gives way: an event that is lost would be worse. */
  add(id: string, until: Date): boolean {
    const now = Date.now();
    if (now < (this.#until.get(id) ?? 0)) return false;
    this.#until.delete(id);
    const [oldest] = this.#until.keys();
    if (this.#until.size >= MAX) this.#until.delete(oldest!);
    this.#until.set(id, until.getTime());
    return true;
  }
}
