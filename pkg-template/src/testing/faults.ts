/** Failures made on purpose, and the signal that ends any wait. */
import { failure, toResponse } from "./answer.js";
import type { Answer } from "./answer.js";
import { flowFailure, isFlowStatus } from "./flow/answer.js";
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

/** Answers with `serve`, and breaks it in this way. An abort stops nothing here: the server works on when its client has gone. */
export async function broken(
  how: Break,
  path: string,
  signal: AbortSignal,
  serve: () => Promise<Response>,
): Promise<Response> {
  if (how.afterApply) await serve();
  if (how.delayMs !== undefined) await delay(how.delayMs, signal);
  if (how.hang) return new Promise(() => {});
  if (how.reset) throw new TypeError("fetch failed");
  if (how.status !== undefined || how.body !== undefined) return madeUp(how, path);
  if (how.afterApply) throw new TypeError("fetch failed");
  const response = await serve();
  for (const [name, value] of Object.entries(how.headers ?? {})) response.headers.set(name, value);
  return response;
}

function madeUp(how: Break, path: string): Response {
  const { status = 200, body, headers = {} } = how;
  const answer = body === undefined ? ownFailure(how, path) : { status, headers: {}, body };
  return toResponse({ ...answer, headers: { ...answer.headers, ...headers } });
}

/** The flow's errors mean that nothing was done; after work a 500 comes in the bare shape (`flow-retry#csrf-after-bare-500`). */
function ownFailure({ status = 200, afterApply }: Break, path: string): Answer {
  const isFlow = /^\/profile(\?|$)/.test(path) && !afterApply && isFlowStatus(status);
  return isFlow ? flowFailure(status) : failure(status);
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

/** Goes on when the client has gone, but keeps no process alive for it. */
function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(() => {
      signal.removeEventListener("abort", leave);
      resolve();
    }, milliseconds);
    const leave = () => {
      if (typeof timer === "object") (timer as { unref?(): void }).unref?.();
    };
    signal.addEventListener("abort", leave, { once: true });
  });
}
