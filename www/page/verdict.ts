import type { SignedIn } from "hanko-edge";

import type { Answer, Mode, Result } from "./api";
import { element } from "./elements";

const WORDS = { "signed-in": "Signed in", "signed-out": "Signed out", unavailable: "Not known right now" };

/** Shows in its card what a mode says, how it came to it, and what an API would answer. */
export function showVerdict(mode: Mode, { auth, asked, durationMs, answer }: Answer): void {
  const card = document.querySelector<HTMLElement>(`.verdict[data-mode="${mode}"]`);
  const place = card?.querySelector(".answer");
  if (!card || !place) return;
  card.dataset.status = auth.status;
  place.replaceChildren(
    element("p", "word", WORDS[auth.status]),
    reason(auth, asked.length > 0),
    element("p", "label", `In ${duration(durationMs)}, asking ${asked.length ? "Hanko" : "nobody"}`),
    rows(asked.map(({ method, path, status }) => [`${method} ${path}`, status === null ? "no answer" : `${status}`])),
    element("p", "label", "What an API would answer"),
    rows([[headerLine(answer.headers) || "what was asked for", `${answer.status}`]]),
  );
}

function reason(auth: Result, hasAsked: boolean): HTMLElement {
  if (auth.status !== "signed-in") return element("p", "reason", element("code", "", auth.code), ` ${auth.message}`);
  const codes = [element("code", "", `verifiedBy: ${auth.verifiedBy}`)];
  if (auth.stale) codes.push(element("code", "stale", "stale: true"));
  return element("p", "reason", ...codes, ` ${grounds(auth, hasAsked)}`);
}

function grounds({ verifiedBy, stale }: SignedIn, hasAsked: boolean): string {
  if (verifiedBy === "local") return stale ? "old keys say so: there are no new ones" : "the published keys say so";
  if (stale) return "Hanko cannot be asked; its last yes still counts";
  return hasAsked ? "Hanko says so" : "Hanko said so less than 3 seconds ago";
}

/** Lines of a text and what became of it. */
export function rows(lines: [text: string, status: string][]): HTMLElement {
  return element(
    "ol",
    "rows",
    ...lines.map(([text, status]) => element("li", "", element("span", "", text), element("b", "", status))),
  );
}

function headerLine(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");
}

function duration(ms: number): string {
  return ms < 1 ? "under 1 ms" : `${ms} ms`;
}

function remark(auth: Result): string {
  if (auth.status !== "signed-in") return ` (${auth.code})`;
  return auth.stale ? " (stale)" : "";
}

/** The verdicts in one sentence, equal ones together. */
export function summaryOf(answers: Map<Mode, Answer>): string {
  const modesByVerdict = new Map<string, Mode[]>();
  for (const [mode, { auth }] of answers) {
    const verdict = `${WORDS[auth.status].toLowerCase()}${remark(auth)}`;
    modesByVerdict.set(verdict, [...(modesByVerdict.get(verdict) ?? []), mode]);
  }
  if (modesByVerdict.size === 1) return `All three modes say: ${[...modesByVerdict.keys()][0]}.`;
  const parts = [...modesByVerdict].map(([verdict, modes]) => `${modes.join(" and ")}: ${verdict}`);
  return `${parts.join("; ")}.`;
}
