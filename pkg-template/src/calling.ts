/** What every method of a client shares: its options, its place in the core, and one call with its deadline. */
import { aborted, Call, tell, withReason, type Lent } from "./call.js";
import { callAndWait, guard, instance, outcome, type Instance, type Load } from "./core.js";
import { argumentInvalid, HankoError, type DeniedCode } from "./error.js";
import { demand, REQUESTS } from "./host.js";
import type { ClientOptions } from "./options.js";
import type { CallOptions } from "./types.js";

/** Configurations that an instance is told by their text alone. */
const MAX_CONFIGURED = 100;
const PLAIN: ReadonlySet<string> = new Set(["string", "number", "boolean", "undefined"]);

export interface Client extends ClientOptions, Lent {
  readonly load: Load;
  /** The number under which an instance knows the options; one for all copies of the client. */
  readonly known: { instance?: Instance; number: number };
}

/** One call of the core, from its options to its end. A trap of another call repeats it, unless it was writing by then. */
export async function call<T>(
  client: Client,
  options: CallOptions,
  work: (running: Instance, id: number, number: number, call: Call) => Promise<string>,
): Promise<T> {
  if (options.signal?.aborted) throw aborted(options.signal);
  demand(REQUESTS);
  const open = new Call(client, options);
  const ask = async (running: Instance, id: number) => {
    const text = await work(running, id, numberOf(client, running), open);
    // The instance has forgotten this configuration to make room for others: tell it again.
    return text || work(running, id, numberOf(client, running, true), open);
  };
  try {
    return await callAndWait<T>(client.load, (running, id) => {
      if (open.writing) throw unknownOutcome();
      return ask(running, id);
    });
  } catch (error) {
    // The core knows what became of what it wrote, unless it trapped.
    const trapped = error instanceof HankoError && error.code === "internal_error";
    if (trapped) restart(client);
    throw trapped && open.writing ? unknownOutcome() : withReason(error, options.signal);
  } finally {
    open.close();
  }
}

function unknownOutcome(): HankoError {
  const message = "the WebAssembly core trapped while something was written: read what is stored";
  return new HankoError({ code: "outcome_unknown", kind: "unavailable", message });
}

/** The number under which an instance knows the client's options. `again`: it has forgotten them. */
export function numberOf({ known, options, onEvent }: Client, running: Instance, again = false): number {
  if (!again && known.instance === running) return known.number;
  const restarted = known.instance !== undefined && known.instance !== running; // Only a trap replaces one.
  const number = configure(running, options, again);
  [known.instance, known.number] = [running, number];
  if (restarted && onEvent) tell(onEvent, { type: "restarted", cause: "trap" });
  return number;
}

/** Equal options are told once: a client made in every request costs little more than one kept. */
function configure(running: Instance, options: Client["options"], again: boolean): number {
  const text = textOf(options);
  const told = again || text === undefined ? undefined : running.configured.get(text);
  if (told !== undefined) return told;
  const number = outcome<number>(guard(running, (glue) => glue.configure(options)));
  if (running.configured.size >= MAX_CONFIGURED) running.configured.clear();
  if (text !== undefined) running.configured.set(text, number);
  return number;
}

/**
 * Options as JSON, where that tells them apart from all others. Value by value: a `toJSON` that somebody gave to all objects
 * would make one text of all options, and a tenant's token good for another.
 */
function textOf(options: Client["options"]): string | undefined {
  let text = "";
  for (const [name, value] of Object.entries(options)) {
    const list = Array.isArray(value) ? (value as unknown[]) : undefined;
    if (!(list ?? [value]).every((one) => PLAIN.has(typeof one))) return undefined;
    text += `${JSON.stringify(name)}:${list ? `[${list.map((one) => JSON.stringify(one)).join()}]` : JSON.stringify(value)},`;
  }
  return text;
}

/** Starts a new instance where the last one trapped, so that `onEvent` is told of it now. */
export function restart(client: Client): void {
  try {
    numberOf(client, instance(client.load));
  } catch {
    // The host does not start one: the next call says so.
  }
}

export const TOO_LARGE = "the token is longer than maxTokenLength";

export function checkToken(client: Client, token: unknown): string {
  if (typeof token !== "string") throw argumentInvalid("the token", "a string");
  if (token === "") throw denied("token_malformed", "the token is empty");
  if (token.length > client.maxTokenLength) throw denied("token_too_large", TOO_LARGE);
  return token;
}

/** The token that a call was given, checked; without one the call is by the host's own cookie. */
export function tokenOf(client: Client, token: unknown): string | undefined {
  if (token !== undefined) return checkToken(client, token);
  if (!hasCookies()) throw denied("token_missing", "this host has no cookies of its own: give the token");
  return undefined;
}

/** A page, or a worker of one: only there does `credentials: "include"` send anything. workerd and Deno have no location. */
export function hasCookies(): boolean {
  const { document, WorkerGlobalScope, location } = globalThis as unknown as Record<string, unknown>;
  return document !== undefined || (WorkerGlobalScope !== undefined && location !== undefined);
}

export function denied(code: DeniedCode, message: string): HankoError {
  return new HankoError({ code, kind: "denied", message });
}
