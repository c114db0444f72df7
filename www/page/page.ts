import { ask, MODES, perform, readDemoState } from "./api";
import type { Answer, DemoState, Mode } from "./api";
import { startEditor } from "./editor";
import { byId, element } from "./elements";
import { showPerson } from "./person";
import { readAgain, showProfile } from "./profile";
import { startTokenReader } from "./token";
import { showVerdict, summaryOf } from "./verdict";
import { nowShown, watch } from "./watch";

let asking = new AbortController();

/** Asks in one mode after the other and shows what they say. A later round ends an earlier one. */
async function askAll(): Promise<void> {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  byId("verdicts").setAttribute("aria-busy", "true");
  try {
    const answers = new Map<Mode, Answer>();
    for (const mode of MODES) answers.set(mode, await ask(mode, signal));
    if (!signal.aborted) show(answers);
  } catch (error) {
    if (!signal.aborted) showFailure(error);
  }
}

function show(answers: Map<Mode, Answer>): void {
  for (const [mode, answer] of answers) showVerdict(mode, answer);
  const hasSession = showPerson(answers);
  byId("session-actions").hidden = !hasSession;
  byId("hook-hint").hidden = !hasSession || byId("hook").hidden;
  byId("sign-in").hidden = hasSession;
  byId("summary").textContent = summaryOf(answers);
  byId("verdicts").setAttribute("aria-busy", "false");
  nowShown(answers.get("local")?.auth);
  const auth = answers.get("hybrid")?.auth;
  if (auth) showProfile(auth).catch(showFailure);
}

function showFailure(error: unknown): void {
  byId("summary").textContent = `That did not work: ${(error as Error).message}.`;
  byId("verdicts").setAttribute("aria-busy", "false");
}

/** Does something under /demo/, then asks again. Where that hides the button that was pressed, the focus goes to the person. */
async function act(action: string, body?: string): Promise<void> {
  try {
    await perform(action, body);
  } catch (error) {
    return showFailure(error);
  }
  await askAll();
  if (document.activeElement?.closest("[hidden]")) byId("person").focus();
}

/** Does something under /demo/ of which this page is told by nobody: it has to see for itself. */
async function tell(action: string): Promise<void> {
  await perform(action).catch(showFailure);
}

function offerSignIn({ testServer }: DemoState): void {
  const form = byId("token-sign-in");
  byId("sign-in-hint").textContent = testServer ? "Sign in as" : "Paste a session token of this Hanko.";
  form.hidden = testServer !== null;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void act("sign-in", byId<HTMLTextAreaElement>("session-token").value);
  });
  for (const { id, name } of testServer?.people ?? []) {
    const button = element("button", "primary", name);
    button.addEventListener("click", () => act("sign-in", id));
    byId("people").append(button);
  }
}

function offerFailures({ testServer }: DemoState): void {
  byId("health").hidden = testServer === null;
  const switches = [...byId("health").querySelectorAll<HTMLElement>("[data-failure]")];
  const press = (failure: string) => {
    for (const each of switches) each.setAttribute("aria-pressed", String(each.dataset.failure === failure));
  };
  press(testServer?.failure ?? "");
  for (const each of switches) {
    const failure = each.dataset.failure ?? "";
    each.addEventListener("click", () => {
      press(failure);
      void (failure === "" ? act("heal") : act("break", failure));
    });
  }
}

async function start(): Promise<void> {
  const state = await readDemoState();
  byId("where").textContent = state.testServer ? "with a Hanko of its own, in memory" : `with ${state.apiUrl}`;
  offerSignIn(state);
  offerFailures(state);
  startTokenReader(state.testServer !== null);
  startEditor(state.testServer !== null, () => readAgain().catch(showFailure));
  byId("hook").hidden = state.testServer === null;
  byId("hook").addEventListener("click", () => tell("hook"));
  byId("revoke").addEventListener("click", () => act("revoke"));
  byId("sign-out").addEventListener("click", () => act("sign-out"));
  byId("ask-again").addEventListener("click", () => askAll());
  await askAll();
  watch(askAll);
}

start().catch(showFailure);
