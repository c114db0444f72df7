import { decode, perform } from "./api";
import type { Fault, Reading } from "./api";
import { byId, element } from "./elements";
import { claimsList } from "./person";

/** The part of the page that reads a token. */
export function startTokenReader(withSamples: boolean): void {
  const input = byId<HTMLTextAreaElement>("token");
  byId("decode").addEventListener("submit", (event) => {
    event.preventDefault();
    void read(input.value.trim());
  });
  byId("samples").hidden = !withSamples;
  for (const button of byId("samples").querySelectorAll<HTMLElement>("[data-sample]")) {
    button.addEventListener("click", async () => {
      input.value = await perform("token", button.dataset.sample);
      await read(input.value);
    });
  }
}

async function read(token: string): Promise<void> {
  const { decoded, verified } = await decode(token);
  const parts = [verdict(decoded, verified)];
  if ("value" in decoded) {
    parts.push(
      element(
        "div",
        "parts",
        part("Header", json(decoded.value.header)),
        part("Claims, in Hanko’s shape", claimsList(decoded.value.claims)),
        part("Payload, as signed", json(decoded.value.payload)),
      ),
    );
  }
  byId("reading").replaceChildren(...parts);
}

function verdict(decoded: Reading["decoded"], verified: Reading["verified"]): HTMLElement {
  if ("error" in decoded) return fault("Cannot be read", decoded.error);
  if ("value" in verified) {
    return outcome(
      "signed-in",
      "Readable, and true",
      element(
        "p",
        "reason",
        "Signed by this Hanko, and in time. Whether the session was ended early, only Hanko knows.",
      ),
    );
  }
  if (verified.error.kind === "unavailable") return fault("Readable; could not be checked", verified.error);
  return fault("Readable, but not to be believed", verified.error);
}

function fault(word: string, { code, kind, message }: Fault): HTMLElement {
  const status = kind === "unavailable" ? "unavailable" : "signed-out";
  return outcome(status, word, element("p", "reason", element("code", "", code), ` ${message}`));
}

function outcome(status: string, word: string, reason: HTMLElement): HTMLElement {
  const made = element("div", "outcome", element("p", "word", word), reason);
  made.dataset.status = status;
  return made;
}

function part(title: string, body: HTMLElement): HTMLElement {
  return element("section", "part", element("h3", "label", title), body);
}

function json(value: unknown): HTMLElement {
  return element("pre", "", JSON.stringify(value, null, 2));
}
