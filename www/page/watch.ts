import { ask } from "./api";
import type { Result } from "./api";

/** Milliseconds. Locally nobody is asked, so the page can look often. */
const EVERY = 1000;

/** What the page shows now. */
let shown: Result | undefined;

/** Tells what the page shows, in the mode that is watched. */
export function nowShown(auth: Result | undefined): void {
  shown = auth;
}

/** Looks whether the session still lives by its keys and by the list that webhooks fill; `ended` is called when it does not. */
export function watch(ended: () => Promise<void>): void {
  const look = async () => {
    if (shown?.status === "signed-in" && document.visibilityState === "visible") {
      const before = shown;
      const { auth } = await ask("local", null);
      if (auth.status === "signed-out" && shown === before) await ended();
    }
  };
  // A Worker that is gone is told of by whatever is pressed next.
  const again = () =>
    setTimeout(
      () =>
        look()
          .catch(() => undefined)
          .then(again),
      EVERY,
    );
  again();
}
