/** One call: its deadline, the caller's signal, and what the client's options lend to it. Leaves no timer or listener behind. */
import { argumentInvalid, HankoError } from "./error.js";
import type { CallOptions, HankoErrorCode, HankoEvent, KeyStore, RevocationList } from "./types.js";

/** Sends one `Request`, as the caller wants it sent. */
export type Send = (request: Request) => unknown;

/** A list of revocations, as calls use it; what it answers is looked at by the core. */
export interface Asked {
  isRevoked(session: Parameters<RevocationList["isRevoked"]>[0]): unknown;
}

/** What a client lends to its calls. */
export interface Lent {
  readonly send: Send;
  /** The number of what was given as `fetch`, 0 for the host's own. */
  readonly fetch: number;
  /** Milliseconds for a whole call, bodies included. */
  readonly timeout: number;
  readonly keyStore: KeyStore | undefined;
  readonly revocations: Asked | undefined;
  readonly onEvent: ((event: HankoEvent) => void) | undefined;
}

/** What was given as `waitUntil` and threw: a Worker's, not bound to its context. */
const UNFIT = new WeakSet<object>();

/** Characters of the longest text that a `keyStore` may have: a key document of 256 KiB, each of its bytes an escape of six. */
const MAX_STORED = 6 * 256 * 1024 + 4096;

/** Whether work may go on behind the answer. */
export function mayGoOn({ waitUntil }: CallOptions): boolean {
  return waitUntil !== undefined && !UNFIT.has(waitUntil);
}

/** The core's view of a call (`src/js/call.rs`), and the end of it. A call that waits for nobody costs no timer. */
export class Call {
  /** Whether it was the deadline that aborted. */
  timedOut = false;
  /** Whether something was written, or may have been. */
  writing = false;
  readonly #lent: Lent;
  readonly #options: CallOptions;
  readonly #timeout: number;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #waiting: { signal: AbortSignal; stopped: Promise<void>; end: () => void } | undefined;
  #closed: (() => void) | undefined;

  constructor(lent: Lent, options: CallOptions, timeout = lent.timeout) {
    this.#lent = lent;
    this.#options = options;
    this.#timeout = timeout;
  }

  /** Aborted at the deadline, which runs from the first time that anybody looks, and when the caller aborts. */
  get signal(): AbortSignal {
    return (this.#waiting ??= this.#wait()).signal;
  }

  /** Resolves when the signal is aborted; never rejects. */
  get stopped(): Promise<void> {
    return (this.#waiting ??= this.#wait()).stopped;
  }

  #wait() {
    const controller = new AbortController();
    const { signal } = controller;
    const given = this.#options.signal;
    const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    const abort = () => controller.abort(given!.reason);
    const timer = setTimeout(() => {
      this.timedOut = true;
      this.close(); // Nobody else may be left to: the core may have trapped.
      controller.abort(new DOMException("The deadline of the call has passed.", "TimeoutError"));
    }, this.#timeout);
    const end = () => {
      clearTimeout(timer);
      given?.removeEventListener("abort", abort);
    };
    if (given?.aborted) abort();
    else given?.addEventListener("abort", abort, { once: true });
    return { signal, stopped, end };
  }

  get send(): Send {
    return this.#lent.send;
  }

  get fetch(): number {
    return this.#lent.fetch;
  }

  close(): void {
    this.#waiting?.end();
    for (const timer of this.#timers) clearTimeout(timer); // Which ends intervals too (HTML, section 8.6).
    this.#closed?.();
  }

  /** A call within this one, with an earlier deadline. */
  brief(milliseconds: number): Call {
    return new Call(this.#lent, { signal: this.signal }, milliseconds);
  }

  get mayGoOn(): boolean {
    return mayGoOn(this.#options);
  }

  /**
   * A call for work behind the answer: it outlives this one, and the caller's signal, and is kept alive until it is closed, or
   * its deadline. Undefined where the host does not keep it.
   */
  behind(): Call | undefined {
    const call = new Call(this.#lent, { waitUntil: (work) => this.#options.waitUntil!(work) });
    const closed = new Promise<void>((resolve) => (call.#closed = resolve));
    if (!this.#keep(closed)) return undefined;
    void call.signal; // From here the deadline runs, which closes it where the core does not.
    return call;
  }

  #keep(work: Promise<unknown>): boolean {
    const { waitUntil } = this.#options;
    try {
      Promise.resolve(waitUntil?.(work) as unknown).catch(() => undefined);
      return mayGoOn(this.#options);
    } catch {
      UNFIT.add(waitUntil!);
      return false;
    }
  }

  /** Resolves after a pause, unless the call has ended by then. */
  after(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => (this.#timers.delete(timer), resolve()), milliseconds);
      this.#timers.add(timer);
    });
  }

  /** Calls back again and again, until the function that it returns is called, or the call ends. */
  every(milliseconds: number, callback: () => void): () => void {
    const interval = setInterval(callback, milliseconds);
    this.#timers.add(interval);
    return () => clearInterval(interval);
  }

  write(): void {
    this.writing = true;
  }

  tell(type: "keys_fetched" | "session_validated", code: string, durationMs: number): void {
    const { onEvent } = this.#lent;
    if (onEvent)
      tell(onEvent, { type, ok: code === "", ...(code !== "" && { code: code as HankoErrorCode }), durationMs });
  }

  get hasStore(): boolean {
    return this.#lent.keyStore !== undefined;
  }

  /** Only where there is one; so is the list asked. */
  fromStore(name: string): Promise<unknown> {
    return this.#share(async () => {
      const text: unknown = await this.#lent.keyStore!.get(name);
      return typeof text === "string" && text.length <= MAX_STORED ? text : undefined;
    });
  }

  toStore(name: string, text: string, seconds: number): void {
    const put = Promise.resolve().then(() => this.#lent.keyStore!.put(name, text, seconds));
    const behind = this.behind();
    const close = () => behind?.close();
    put.then(close, close);
  }

  get hasRevocations(): boolean {
    return this.#lent.revocations !== undefined;
  }

  isRevoked(sessionId: string, userId: string, issuedAt: number, expiresAt: number): Promise<unknown> {
    return this.#share(() => this.#lent.revocations!.isRevoked(revocable(sessionId, userId, issuedAt, expiresAt)));
  }

  /** Asks what the caller lent, for a quarter of the deadline at most. Undefined where it fails or is late; never rejects. */
  #share(ask: () => unknown): Promise<unknown> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), this.#timeout / 4);
      this.#timers.add(timer);
      const answer = (value?: unknown) => (clearTimeout(timer), this.#timers.delete(timer), resolve(value));
      Promise.resolve()
        .then(ask)
        .then(answer, () => answer());
    });
  }
}

/** A session as a list of revocations is asked about it. */
export function revocable(sessionId: string, userId: string, issuedAt: number, expiresAt: number) {
  return {
    sessionId,
    userId,
    ...(!Number.isNaN(issuedAt) && { issuedAt: new Date(issuedAt) }),
    expiresAt: new Date(expiresAt),
  };
}

/** Tells a listener. One that throws changes nothing. */
export function tell(onEvent: (event: HankoEvent) => void, event: HankoEvent): void {
  attempt(() => onEvent(event));
}

function attempt(work: () => unknown): void {
  try {
    // An async listener's rejection is nobody's concern either.
    Promise.resolve(work()).catch(() => undefined);
  } catch {
    // The caller's own code failed; the call goes on.
  }
}

/** Checks the options of a call: unknown ones, and those of a wrong type, are `argument_invalid`. */
export function checkCallOptions(
  options: unknown,
  more: readonly string[] = [],
): CallOptions & Record<string, unknown> {
  if (options === undefined) return {};
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw argumentInvalid("options", "an object");
  }
  const known = ["signal", "waitUntil", ...more];
  let names, signal, waitUntil;
  try {
    names = Object.keys(options);
    [signal, waitUntil] = known.map((name) => (options as Record<string, unknown>)[name]);
  } catch {
    // A getter or a proxy of the caller's threw: whatever that was, it is not told on.
    throw argumentInvalid("options", "an object that can be read");
  }
  if (names.some((name) => !known.includes(name))) {
    throw argumentInvalid("options", `made of ${known.join(", ")}`);
  }
  if (signal !== undefined && !isSignal(signal)) throw argumentInvalid("options.signal", "an AbortSignal");
  if (waitUntil !== undefined && typeof waitUntil !== "function")
    throw argumentInvalid("options.waitUntil", "a function");
  return options as CallOptions & Record<string, unknown>;
}

/** `request_aborted`, for a call that was over before it began. */
export function aborted(signal: AbortSignal): HankoError {
  const failure = {
    code: "request_aborted",
    kind: "unavailable",
    message: "the caller's signal ended the call",
  } as const;
  return new HankoError(failure, { cause: signal.reason });
}

/** The same failure with the caller's own reason as its cause, where it was the caller who aborted. */
export function withReason(error: unknown, signal: AbortSignal | undefined): unknown {
  if (!(error instanceof HankoError) || error.code !== "request_aborted") return error;
  return new HankoError(error, { cause: signal?.reason });
}

function isSignal(value: unknown): boolean {
  const signal = value as AbortSignal | null;
  return typeof signal?.aborted === "boolean" && typeof signal.addEventListener === "function";
}
