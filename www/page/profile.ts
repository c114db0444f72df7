import type { User } from "hanko-edge";

import { readUser } from "./api";
import type { Fault, Result } from "./api";
import { byId, definitions, element } from "./elements";
import { keepFrom } from "./editor";
import { timed } from "./person";

/** The person that Hanko last told of. */
let known: User | undefined;
let reading = 0;

/** Reads the person of this session anew. Who is signed out is nobody; while Hanko cannot be asked the last answer stays. */
export async function showProfile(auth: Result): Promise<void> {
  const own = ++reading;
  byId("keeping").hidden = auth.status === "signed-out";
  if (auth.status === "signed-out") return forget();
  if (auth.status === "signed-in" && known?.user_id !== auth.userId) forget();
  await readAgain(own);
}

/** Reads the person once more, who is the same. */
export async function readAgain(own = ++reading): Promise<void> {
  const place = byId("profile");
  place.setAttribute("aria-busy", "true");
  const { outcome } = await readUser();
  if (own !== reading) return; // Another answer is under way.
  if ("value" in outcome) known = outcome.value;
  place.replaceChildren(...("error" in outcome ? [noticeOf(outcome.error)] : []), ...(known ? described(known) : []));
  place.setAttribute("aria-busy", "false");
  keepFrom(known?.metadata.unsafe_metadata);
}

function forget(): void {
  known = undefined;
  byId("profile").replaceChildren();
  keepFrom(undefined);
}

function noticeOf({ code, kind }: Fault): HTMLElement {
  const unavailable = known
    ? "Hanko cannot be asked right now. This is what it said last."
    : "Hanko cannot be asked right now.";
  const text = kind === "unavailable" ? unavailable : "Hanko does not tell this session.";
  return element("p", "notice", `${text} `, element("code", "", code));
}

function described(user: User): HTMLElement[] {
  const name = user.name ?? user.username ?? user.email ?? user.user_id;
  const emails = user.emails.map(({ address, is_verified, is_primary }) => {
    const words = [is_primary && "primary", is_verified ? "verified" : "not verified"].filter(Boolean);
    return element("span", "line", address, element("span", "hint", ` ${words.join(", ")}`));
  });
  return [
    element("p", "name", name),
    definitions([
      ["user_id", user.user_id],
      ["username", user.username ?? "none"],
      ["emails", element("span", "", ...emails)],
      ["passkeys", user.passkeys.map(({ name, id }) => name ?? id).join(", ") || "none"],
      ["created_at", timed(user.created_at)],
      ["public", json(user.metadata.public_metadata)],
      ["unsafe", json(user.metadata.unsafe_metadata)],
    ]),
  ];
}

function json(value: unknown): HTMLElement {
  return element("code", "", JSON.stringify(value));
}
