/** What waits for nothing but WebCrypto: the core begins with a token whose key is at hand, and is told how it ended. */
import { numberOf, restart, type Client } from "./calling.js";
import { guard, instance, isDead, nextId, outcome, type Instance } from "./core.js";
import type { Glue } from "./glue.js";

/** Asks the core: text is the answer, a promise is WebCrypto's, and undefined asks for the waiting way. */
type Begin = (running: Instance, id: number, number: number) => string | Promise<boolean> | undefined;

/** What the core answered at once, or a signature that it is at. */
export type Begun = string | Signature | undefined;

/** A signature that WebCrypto is at. */
export interface Signature {
  readonly running: Instance;
  readonly id: number;
  readonly good: Promise<boolean>;
}

/** Begins; undefined where only the waiting way knows what is so. */
export function begin(client: Client, ask: Begin): Begun {
  const running = instance(client.load);
  const [id, number] = [nextId(), numberOf(client, running)];
  const begun = guarded(client, running, () => ask(running, id, number));
  return typeof begun === "object" ? { running, id, good: begun } : begun;
}

/** What WebCrypto says. Undefined asks for the waiting way: WebCrypto failed, or another call trapped. */
export async function settled({ running, good }: Signature): Promise<boolean | undefined> {
  try {
    const verified = (await good) === true;
    return isDead(running) ? undefined : verified;
  } catch {
    return undefined;
  }
}

/** The end of it, at once: the session where it is to be shown, else null. Undefined asks for the waiting way. */
export function end<T>(client: Client, { running, id }: Signature, good: boolean, show: boolean): T | undefined {
  const text = guarded(client, running, (glue) => glue.signature_verified(id, good, show));
  return text === "" ? undefined : outcome<T>(text);
}

/** A trap is told as {@link call} tells it. */
function guarded<T>(client: Client, running: Instance, call: (glue: Glue) => T): T {
  try {
    return guard(running, call);
  } catch (error) {
    restart(client);
    throw error;
  }
}
