/**
 * The life of the WebAssembly instance: started at the first call, replaced after a trap.
 *
 * Every export of the core returns its failures as text, so whatever is thrown out of it is a trap, and a trapped
 * instance is never called again. There is one instance, and nothing is registered when this file is loaded.
 */
import { HankoError, internalError, misuse, type Failure } from "./error.js";
import { createGlue, QUEUE_MICROTASK, type Glue, type Imports } from "./glue.js";
import { demand } from "./host.js";
import { SeenTokens } from "./seen.js";

/** `WebAssembly.Module`; an object where the user has no types for WebAssembly, as with those of Node alone. */
export type Module = typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } } ? M : object;

/** Gives the compiled module, synchronously; each flavour of the package has its own. */
export type Load = () => Module;

/** A call that is under way in an instance. */
interface Pending {
  /** When it is lost, by `performance.now()`: a host may have ended its request with all that it awaits. */
  readonly lostAt: number;
  /** @param blamed whether it was this call that trapped */
  trapped(blamed: boolean): void;
}

/** A running core. */
export interface Instance {
  readonly glue: Glue;
  readonly seen: SeenTokens;
  /** The numbers of options, by their text. */
  readonly configured: Map<string, number>;
  readonly pending: Map<number, Pending>;
}

/** Milliseconds after which a call is lost: longer than any `timeout` (`src/js/traced.rs`). */
const LOST_AFTER = 40_000;

/** What {@link whole} throws for a call that another one's trap took down. */
const TRAPPED = Symbol("trapped");

let module: Module | undefined;
let live: Instance | undefined;
/** Whether an instance has started from the module: one that never did may be another one's. */
let proven = false;
let lastId = 0;

/** The running instance; starts one where there is none. */
export function instance(load: Load): Instance {
  return (live ??= start((module ??= load())));
}

/** Keeps a module for the first start, and for every start after a trap. The first one that starts stays. */
export function keepModule(given: Module): void {
  module ??= given;
}

/** Whether there is a module to start from. */
export function hasModule(): boolean {
  return module !== undefined;
}

/** Whether an instance has trapped, and been replaced. */
export function isDead(running: Instance): boolean {
  return running !== live;
}

/** Calls the core and returns at once. */
export function callNow<T>(load: Load, call: (glue: Glue) => string): T {
  return outcome<T>(guard(instance(load), call));
}

/** Calls the core for what it returns. */
export function guard<T>(running: Instance, call: (glue: Glue) => T): T {
  try {
    return call(running.glue);
  } catch {
    die(running, 0);
    throw internalError("the WebAssembly core trapped; it has been replaced");
  }
}

/**
 * Calls the core and waits. A call that was under way when another one trapped is repeated once on a new instance:
 * `call` throws where it must not be asked twice. The one that trapped is `internal_error`.
 */
export async function callAndWait<T>(load: Load, call: (running: Instance, id: number) => Promise<string>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return outcome<T>(await whole(instance(load), call));
    } catch (error) {
      if (error !== TRAPPED) throw error;
      if (attempt === 2) throw internalError("the WebAssembly core trapped in another call, twice");
    }
  }
}

function whole(running: Instance, call: (running: Instance, id: number) => Promise<string>): Promise<string> {
  const id = nextId();
  return new Promise<string>((resolve, reject) => {
    const trapped = (blamed: boolean) =>
      reject(blamed ? internalError("the WebAssembly core trapped; it has been replaced") : TRAPPED);
    dropLost(running);
    running.pending.set(id, { trapped, lostAt: performance.now() + LOST_AFTER });
    call(running, id).then(resolve, () => die(running, id)); // What it throws at once is told as it is.
  }).finally(() => running.pending.delete(id));
}

/** Nothing is told to a lost call: its host has ended it, or its own deadline tells it. */
function dropLost({ pending }: Instance): void {
  const now = performance.now();
  for (const [id, { lostAt }] of pending) {
    if (lostAt > now) return;
    pending.delete(id);
  }
}

/** The number of a call. */
export function nextId(): number {
  return (lastId = (lastId % 0x7fffffff) + 1);
}

/** What the text of an outcome says. */
export function outcome<T>(text: string): T {
  const { ok, error } = JSON.parse(text) as { ok: T; error?: Failure };
  if (error) throw new HankoError(error);
  return ok;
}

function start(from: Module): Instance {
  demand(["TextDecoder", "TextEncoder"]);
  const glue = createGlue();
  const running: Instance = { glue, seen: new SeenTokens(), configured: new Map(), pending: new Map() };
  try {
    glue.finalize(new WebAssembly.Instance(from, guarded(glue.imports(), running)));
    proven = true;
  } catch (error) {
    if (!proven) module = undefined;
    throw startFailed(error);
  }
  return running;
}

/** Why a host would not run the module: CSP and Workers throw a CompileError, of perhaps another realm; in Safari's Lockdown Mode there is no WebAssembly. */
export function startFailed(error: unknown): HankoError {
  if ((error as Error | undefined)?.name === "CompileError" || typeof WebAssembly === "undefined") {
    return misuse("wasm_blocked", "this host forbids WebAssembly; a page needs 'wasm-unsafe-eval' in its script-src");
  }
  return internalError("the WebAssembly core could not be started: is it that of this build?");
}

/**
 * A trap in a microtask would be an uncaught exception, which ends a Node process. Two imports have this name: one gives the
 * host's function, and one calls it. They are told apart by what they are given: a minifier changes their text.
 * The host's is not used: in a test it may be one that fake timers lent, and that never calls when they are gone.
 */
function guarded(imports: Imports, running: Instance): Imports {
  for (const functions of Object.values(imports)) {
    for (const name of QUEUE_MICROTASK) {
      const original = functions[name] as (global: unknown) => unknown;
      functions[name] = (given: unknown) => {
        if (typeof given !== "function") return original(given);
        void Promise.resolve().then(() => attempt(given as () => void, running));
      };
    }
  }
  return imports;
}

function attempt(task: () => void, running: Instance): void {
  try {
    task();
  } catch {
    die(running, running.glue.polled());
  }
}

/** Ends an instance: its calls settle, and what still holds a callback of it calls nobody. */
function die(dead: Instance, culprit: number): void {
  if (live === dead) live = undefined;
  const inert = new Proxy({}, { get: () => () => 0 });
  dead.glue.finalize({ exports: inert });
  for (const [id, pending] of [...dead.pending]) pending.trapped(id === culprit);
}
