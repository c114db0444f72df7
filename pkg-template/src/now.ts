/** `authenticate` without waiting, where all is known but the list of revocations, and perhaps a signature. */
import { mayGoOn } from "./call.js";
import { numberOf, type Client } from "./calling.js";
import type { Carrier } from "./carrier.js";
import { guard, instance, outcome, type Instance } from "./core.js";
import { copyOf } from "./seen.js";
import { begin, type Signature } from "./signature.js";
import type { Auth, CallOptions, SignedIn } from "./types.js";

/** How much the core remembers by default (`src/config.rs`). */
const CACHE_SIZE = 1000;

/** A result as it crosses: times are milliseconds since 1970, and what is known of the token is told. */
type Crossed<C extends object> = Auth<C> & { known?: readonly [at: number, verified: number] };

/** A signature is for `end`, and then this is asked again. Undefined where more must be waited for. */
export function authenticateNow<C extends object>(
  client: Client,
  carrier: Carrier,
  mode: string | undefined,
  options: CallOptions,
): Auth<C> | Signature | undefined {
  if (options.signal?.aborted || client.options["cacheSize"] === 0) return undefined;
  const behind = mayGoOn(options);
  try {
    const running = instance(client.load);
    const number = numberOf(client, running);
    return again<C>(running, number, carrier, mode, behind) ?? inFull<C>(client, carrier, mode, behind);
  } catch {
    return undefined; // The waiting way tells what it is; where it trapped, there is a new instance.
  }
}

/** A token that was signed in before, where it still is. */
function again<C extends object>(
  running: Instance,
  number: number,
  carrier: Carrier,
  mode: string | undefined,
  behind: boolean,
): SignedIn<C> | undefined {
  const seen = running.seen.find(number, carrier);
  if (!seen) return undefined;
  const [at, verified] = seen.known;
  const standing = guard(running, (glue) => glue.authenticate_again(number, at, verified, mode, behind));
  if (standing === 0) {
    running.seen.drop(carrier);
    return undefined;
  }
  return { ...(copyOf(seen.auth) as SignedIn<C>), verifiedBy: standing === 2 ? "remote" : "local" };
}

function inFull<C extends object>(
  client: Client,
  carrier: Carrier,
  mode: string | undefined,
  behind: boolean,
): Auth<C> | Signature | undefined {
  const { authorization, cookie, token, refused } = carrier;
  const begun = begin(client, ({ glue }, id, number) =>
    glue.authenticate_now(id, number, authorization, cookie, token, mode, refused, behind),
  );
  if (typeof begun !== "string") return begun;
  const { known, ...auth } = outcome<Crossed<C>>(begun);
  if (auth.status !== "signed-in") return auth;
  const whole = signedIn(auth as SignedIn<C>, carrier);
  const running = instance(client.load);
  const limit = client.options["cacheSize"] ?? CACHE_SIZE;
  if (known) running.seen.keep(carrier, { number: client.known.number, known, auth: whole }, limit as number);
  return whole;
}

/** With the token, which crosses back from a cookie only: the one of a Bearer header is all that follows its spaces. */
export function signedIn<C extends object>(crossed: SignedIn<C>, { authorization, token }: Carrier): SignedIn<C> {
  return { ...dated(crossed), token: crossed.token ?? token ?? authorization!.trim().replace(/^\S+ +/, "") };
}

/** Times cross as milliseconds since 1970. */
export function dated<T extends { expiresAt: Date }>(crossed: T): T {
  crossed.expiresAt = new Date(crossed.expiresAt);
  return crossed;
}
