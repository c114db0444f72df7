import type { Claims, SignedIn } from "hanko-edge";

import type { CustomClaims } from "../env";
import type { Answer, Mode, Result } from "./api";
import { byId, definitions, element } from "./elements";

type Person = SignedIn<CustomClaims>;

const TIMES = new Set(["expiration", "issued_at"]);

/** The last person a mode vouched for: who it was stays on the page while Hanko cannot be asked. */
let lastKnown: Person | undefined;

/**
 * Shows who is there, as the default mode has it. While that is not known the last known person stays, and is called just that.
 *
 * @returns whether there is a session, or may be
 */
export function showPerson(answers: Map<Mode, Answer>): boolean {
  const auth = answers.get("hybrid")?.auth;
  if (!auth) return false;
  if (auth.status === "signed-in") lastKnown = auth;
  if (auth.status === "signed-out") lastKnown = undefined;
  if (auth.status === "unavailable") lastKnown ??= vouchedFor(answers);
  const place = byId("person");
  place.dataset.status = auth.status;
  if (auth.status === "signed-out") {
    place.replaceChildren(element("p", "name", "Nobody"), element("p", "hint", signedOutText(auth.code)));
    return false;
  }
  const parts = lastKnown ? described(lastKnown) : [element("p", "name", "Somebody")];
  const notice = noticeOf(auth);
  if (notice) parts.splice(2, 0, element("p", "notice", notice));
  place.replaceChildren(...parts);
  return true;
}

function noticeOf(auth: Result): string | undefined {
  if (auth.status === "unavailable") {
    return "Not signed out: Hanko cannot be asked right now, so whether this session lives on is not known.";
  }
  if (auth.status === "signed-in" && auth.stale) {
    return "Still signed in: Hanko cannot be asked, its last yes counts for a while.";
  }
  return undefined;
}

function vouchedFor(answers: Map<Mode, Answer>): Person | undefined {
  for (const { auth } of answers.values()) if (auth.status === "signed-in") return auth;
  return undefined;
}

function signedOutText(code: string): string {
  if (code === "token_missing") return "No session in this browser yet.";
  if (code === "session_ended") return "The session was ended elsewhere. The cookie is still here, and worth nothing.";
  return `The session in this browser was refused (${code}).`;
}

function described({ claims }: Person): HTMLElement[] {
  const title = claims.name ?? claims.username ?? claims.email?.address ?? claims.subject;
  const subtitle = claims.email && claims.email.address !== title ? claims.email.address : "";
  return [element("p", "name", title), element("p", "hint", subtitle), claimsList(claims)];
}

/** Every claim by Hanko's own name. Times also say how far away they are. */
export function claimsList(claims: Claims): HTMLElement {
  return definitions(
    Object.entries(claims).map(([name, value]) => {
      const text = spelled(value);
      return [name, TIMES.has(name) ? timed(text) : text];
    }),
  );
}

/** A claim in one line that can wrap; the payload shows it as JSON. */
function spelled(value: unknown): string {
  if (Array.isArray(value)) return value.map(spelled).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, member]) => `${name}: ${spelled(member)}`)
    .join(", ");
}

/** A time, with how far away it is. */
export function timed(text: string): HTMLElement {
  const time = element("time", "", text);
  time.setAttribute("datetime", text);
  return element("span", "", time, element("span", "hint", ` ${distance(Date.parse(text) - Date.now())}`));
}

function distance(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  const hours = Math.floor(minutes / 60);
  const text = hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
  if (minutes === 0) return "now";
  return ms < 0 ? `${text} ago` : `in ${text}`;
}
