/** One call: its deadline, the caller's signal, and the `fetch` it uses. Ends without leaving a timer or a listener. */
import { argumentInvalid, HankoError } from "./error.js";
import type { CallOptions } from "./types.js";

/** Sends one `Request`, as the caller wants it sent. */
export type Send = (request: Request) => unknown;

/** The core's view of a call, and the end of it. */
export interface Call {
  readonly send: Send;
  readonly signal: AbortSignal;
  /** Resolves when the signal is aborted; never rejects. */
  readonly stopped: Promise<void>;
  /** Whether it was the deadline that aborted. */
  timedOut: boolean;
  close(): void;
}

/** @param timeout milliseconds for everything, bodies included */
export function openCall(send: Send, timeout: number, given: AbortSignal | undefined): Call {
  const controller = new AbortController();
  const { signal } = controller;
  const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  const abort = () => controller.abort(given?.reason);
  const expire = () => {
    call.timedOut = true;
    controller.abort(new DOMException("The deadline of the call has passed.", "TimeoutError"));
  };
  const timer = setTimeout(expire, timeout);
  const close = () => {
    clearTimeout(timer);
    given?.removeEventListener("abort", abort);
  };
  const call: Call = { send, signal, stopped, timedOut: false, close };
  if (given?.aborted) abort();
  else given?.addEventListener("abort", abort, { once: true });
  return call;
}

/** Checks the options of a call: unknown ones, and those of a wrong type, are `argument_invalid`. */
export function checkCallOptions(
  options: unknown,
  more: readonly string[] = [],
): CallOptions & Record<string, unknown> {
  if (options === undefined) return {};
  if (typeof options !== "object" || options === null) throw argumentInvalid("options", "an object");
  const known = ["signal", "waitUntil", ...more];
  if (Object.keys(options).some((name) => !known.includes(name))) {
    throw argumentInvalid("options", `made of ${known.join(", ")}`);
  }
  const { signal, waitUntil } = options as Record<string, unknown>;
  if (signal !== undefined && !isSignal(signal)) throw argumentInvalid("options.signal", "an AbortSignal");
  if (waitUntil !== undefined && typeof waitUntil !== "function")
    throw argumentInvalid("options.waitUntil", "a function");
  return options as CallOptions & Record<string, unknown>;
}

/** The same failure with the caller's own reason as its cause, where it was the caller who aborted. */
export function withReason(error: unknown, signal: AbortSignal | undefined): unknown {
  if (!(error instanceof HankoError) || error.code !== "request_aborted") return error;
  return new HankoError(error, { cause: signal?.reason });
}

function isSignal(value: unknown): boolean {
  const signal = value as AbortSignal | null;
  return (
    typeof signal === "object" && typeof signal?.aborted === "boolean" && typeof signal.addEventListener === "function"
  );
}
