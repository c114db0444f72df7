/** Failures made on purpose, and the signal that ends any wait. */
import { failure, toResponse } from "./answer.js";
import type { Break } from "./types.js";

export class Faults {
  #active: { how: Break; path: string; left: number }[] = [];

  add(how: Break, path: string): void {
    this.#active.push({ how: { ...how }, path, left: how.times ?? Infinity });
  }

  clear(): void {
    this.#active = [];
  }

  /** The latest that this path meets; one of its `times` is used up. */
  next(path: string): Break {
    const found = this.#active.filter((one) => path.startsWith(one.path)).at(-1);
    if (!found) return {};
    found.left -= 1;
    this.#active = this.#active.filter(({ left }) => left > 0);
    return found.how;
  }
}

/** Answers with `serve`, and breaks it in this way. */
export async function broken(how: Break, signal: AbortSignal, serve: () => Promise<Response>): Promise<Response> {
  if (how.afterApply) await serve();
  if (how.delayMs !== undefined) await delay(how.delayMs, signal);
  if (how.hang) return new Promise(() => {});
  if (how.reset) throw new TypeError("fetch failed");
  if (how.status !== undefined || how.body !== undefined) return madeUp(how);
  if (how.afterApply) throw new TypeError("fetch failed");
  const response = await serve();
  for (const [name, value] of Object.entries(how.headers ?? {})) response.headers.set(name, value);
  return response;
}

function madeUp({ status = 200, body, headers = {} }: Break): Response {
  const answer = body === undefined ? failure(status) : { status, headers: {}, body };
  return toResponse({ ...answer, headers: { ...answer.headers, ...headers } });
}

/** The outcome of `work`, or at once the signal's reason when it aborts. */
export function abortable<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Cancelled by the signal, it never settles: `abortable` has answered by then. */
function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = () => clearTimeout(timer);
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", cancel);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", cancel, { once: true });
  });
}
