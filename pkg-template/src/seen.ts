/**
 * Tokens that were signed in before, by the text that carried them: they cross as two numbers, and only the claims'
 * copy is made anew. Whether they still are signed in is the core's to say, every time.
 */
import type { Carrier } from "./carrier.js";
import type { SignedIn } from "./types.js";

/** What the core told of one. */
interface Seen {
  /** The number of the options it was told for. */
  readonly number: number;
  /** Where it stands in the core's memory, and its number there. */
  readonly known: readonly [at: number, verified: number];
  /** Never handed out: a caller may change what it is given. */
  readonly auth: SignedIn;
}

/** Characters that may stand beside a token in a header that is kept: who sends a new one with each request fills no memory. */
const MAX_BESIDE = 4096;

/** A memory of one instance, for it holds that instance's numbers. What was put in first leaves first. */
export class SeenTokens {
  readonly #byText = new Map<string, Seen>();

  find(number: number, carrier: Carrier): Seen | undefined {
    const seen = this.#byText.get(textOf(carrier));
    return seen?.number === number && seen.auth.source === sourceOf(carrier) ? seen : undefined;
  }

  /** Keeps a token that the core knows: at most so many. A cookie beside another header is not kept. */
  keep(carrier: Carrier, seen: Seen, limit: number): void {
    const text = textOf(carrier);
    if (seen.auth.source !== sourceOf(carrier) || text.length > seen.auth.token.length + MAX_BESIDE) return;
    this.#byText.set(text, { ...seen, auth: copyOf(seen.auth) });
    for (const oldest of this.#byText.keys()) {
      if (this.#byText.size <= limit) return;
      this.#byText.delete(oldest);
    }
  }

  drop(carrier: Carrier): void {
    this.#byText.delete(textOf(carrier));
  }
}

/** A result of the caller's own. */
export function copyOf(auth: SignedIn): SignedIn {
  return { ...auth, expiresAt: new Date(auth.expiresAt), claims: copy(auth.claims) as SignedIn["claims"] };
}

/** A member may be called `__proto__`: spread makes it a member, and then assigning changes that. */
function copy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  const copied = { ...value } as Record<string, unknown>;
  for (const [name, inner] of Object.entries(copied)) {
    if (typeof inner === "object" && inner !== null) copied[name] = copy(inner);
  }
  return copied;
}

/** None is kept without one. */
function textOf({ authorization, cookie, token }: Carrier): string {
  return token ?? authorization ?? cookie!;
}

function sourceOf({ authorization, refused, token }: Carrier): SignedIn["source"] | undefined {
  if (token !== undefined) return "argument";
  if (authorization !== undefined) return "authorization";
  return refused ? undefined : "cookie";
}
