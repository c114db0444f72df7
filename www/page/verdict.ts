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
    reason(auth),
    element("p", "label", `Decided in ${duration(durationMs)}, asking ${asked.length ? "Hanko" : "nobody"}`),
    rows(asked.map(({ method, path, status }) => [`${method} ${path}`, status === null ? "no answer" : `${status}`])),
    element("p", "label", "What an API would answer"),
    rows([[headerLine(answer.headers) || "what was asked for", `${answer.status}`]]),
  );
}

function reason(auth: Result): HTMLElement {
  if (auth.status === "signed-in") {
    const text = auth.verifiedBy === "local" ? "the published keys say so" : "Hanko says so";
    return element("p", "reason", element("code", "", `verifiedBy: ${auth.verifiedBy}`), ` ${text}`);
  }
  return element("p", "reason", element("code", "", auth.code), ` ${auth.message}`);
}

function rows(lines: [text: string, status: string][]): HTMLElement {
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

/** The verdicts in one sentence, equal ones together. */
export function summaryOf(answers: Map<Mode, Answer>): string {
  const modesByVerdict = new Map<string, Mode[]>();
  for (const [mode, { auth }] of answers) {
    const code = auth.status === "signed-in" ? "" : ` (${auth.code})`;
    const verdict = `${WORDS[auth.status].toLowerCase()}${code}`;
    modesByVerdict.set(verdict, [...(modesByVerdict.get(verdict) ?? []), mode]);
  }
  if (modesByVerdict.size === 1) return `All three modes say: ${[...modesByVerdict.keys()][0]}.`;
  const parts = [...modesByVerdict].map(([verdict, modes]) => `${modes.join(" and ")}: ${verdict}`);
  return `${parts.join("; ")}.`;
}
