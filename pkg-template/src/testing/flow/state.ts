/** The flows, each a row of the database. None belongs to a user. */
import { SECOND } from "../time.js";
import type { Micros } from "../time.js";

export interface Flow {
  readonly id: string;
  /** From the first step; later ones do not extend it. */
  readonly expiresAt: Micros;
  state: "preflight" | "profile_init";
  /** The newest; every executed action makes another. */
  csrf: string;
  /** What the client said of itself at step 2. */
  webauthn: boolean;
  /** While a request runs on it; a second one is refused at once. */
  busy: boolean;
}

const LIFE: Micros = 24 * 60 * 60 * SECOND;

export function newFlow(now: Micros): Flow {
  const id = crypto.randomUUID();
  return { id, expiresAt: now + LIFE, state: "preflight", csrf: newCsrf(), webauthn: false, busy: false };
}

/** 32 letters and digits. */
export function newCsrf(): string {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => letters[byte % letters.length]).join("");
}
