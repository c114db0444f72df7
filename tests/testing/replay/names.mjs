/** What each server chooses by itself: ids, csrf tokens, session tokens. Ours stand for the recorded ones, each for the same one always. */

/** Behind `%40` or another escape too, whose digits could be those of an id. */
const UUID = /(?<!%[\da-f]?)(?:(?<=%[\da-f]{2})|(?<![\da-f]))[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}/gi;

export class Names {
  #ours = new Map();
  #recorded = new Map();

  /** Whether these two may stand for each other. */
  agree(recorded, ours) {
    if (recorded === ours && !this.#ours.has(recorded)) return true;
    if (!this.#ours.has(recorded) && !this.#recorded.has(ours)) this.learn(recorded, ours);
    return this.#ours.get(recorded) === ours;
  }

  learn(recorded, ours) {
    this.#ours.set(recorded, ours);
    this.#recorded.set(ours, recorded);
  }

  knows(recorded) {
    return this.#ours.has(recorded);
  }

  /** A recorded text with our names in it; an id keeps its spelling. */
  inOurs(text) {
    return text
      .replace(UUID, (id) => {
        const ours = this.#ours.get(canonical(id));
        if (!ours) return id;
        const spelt = id.includes("-") ? ours : ours.replaceAll("-", "");
        return /[A-F]/.test(id) ? spelt.toUpperCase() : spelt;
      })
      .replace(/\b\w{32}\b/g, (token) => this.#ours.get(token) ?? token);
  }

  /** A flow's id and newest csrf token, from two answers that may differ otherwise. */
  learnFlow(recorded, ours) {
    for (const pattern of [/"csrf_token":"(\w{32})"/, /\?action=\w+%40([\da-f-]{36})/]) {
      const [was, is] = [recorded, ours].map((text) => pattern.exec(text)?.[1]);
      if (was && is && !this.knows(was)) this.learn(was, is);
    }
  }

  /** Two texts that differ in ids only: the ids are paired. */
  pairIds(recorded, ours) {
    const [was, is] = [recorded, ours].map((text) => text.match(UUID) ?? []);
    if (was.length !== is.length || recorded.replace(UUID, "") !== ours.replace(UUID, "")) return false;
    return was.every((id, index) => this.agree(canonical(id), canonical(is[index])));
  }
}

/** Any spelling of a UUID as Hanko writes it; "" for what is none. */
export function canonical(id) {
  const [found = ""] = id.match(UUID) ?? [];
  const digits = found.toLowerCase().replaceAll("-", "");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
