import type { Auth, Claims, JsonObject, Session, User, UserMetadata } from "hanko-edge";

import type { AskedOfHanko } from "../client";
import type { CustomClaims } from "../env";

/** In the order in which they are asked: what remote learns, hybrid would know. */
export const MODES = ["local", "hybrid", "remote"] as const;
export type Mode = (typeof MODES)[number];

/** A result of `authenticate` after JSON: no token, and dates are text. */
export type Result = Auth<CustomClaims>;

export interface Answer {
  auth: Result;
  /** As the Worker's own clock has it. */
  durationMs: number;
  asked: AskedOfHanko[];
  /** What an API would answer to this request. */
  answer: { status: number; headers: Record<string, string> };
}

export interface DemoState {
  apiUrl: string;
  /** Null with a real Hanko. */
  testServer: { people: { id: string; name: string; address: string }[]; failure: string | null } | null;
}

export interface Fault {
  code: string;
  kind: "denied" | "unavailable" | "misuse";
  message: string;
}

/** A value, or the failure in its place. */
export type Outcome<T> = { value: T } | { error: Fault };

export interface Reading {
  decoded: Outcome<{ header: JsonObject; claims: Claims; payload: JsonObject }>;
  verified: Outcome<Session>;
}

/** What came of asking Hanko for something, and what was asked. */
export interface Asking<T> {
  outcome: Outcome<T>;
  asked: AskedOfHanko[];
}

export async function ask(mode: Mode, signal: AbortSignal | null): Promise<Answer> {
  return (await sent(`/api/session?mode=${mode}`, { signal })).json();
}

export async function readDemoState(): Promise<DemoState> {
  return (await sent("/demo/state")).json();
}

export async function decode(token: string): Promise<Reading> {
  return (await sent("/api/decode", { method: "POST", body: token })).json();
}

export async function readUser(): Promise<Asking<User>> {
  return (await sent("/api/user")).json();
}

/** Sends a patch, or with null removes everything. `lose` names what gets lost on the way. */
export async function write(patch: JsonObject | null, lose: string): Promise<Asking<UserMetadata>> {
  const init = patch === null ? { method: "DELETE" } : { method: "PATCH", body: JSON.stringify(patch) };
  return (await sent(`/api/metadata${lose && `?lose=${lose}`}`, init)).json();
}

/** Does one thing under /demo/, and gives the text that came back. */
export async function perform(action: string, body = ""): Promise<string> {
  return (await sent(`/demo/${action}`, { method: "POST", body })).text();
}

async function sent(path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(path, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}, ${(await response.text()).trim()}`);
  return response;
}
