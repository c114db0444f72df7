export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found as T;
}

/** An element with text or elements in it. Text is always text: nothing here parses HTML. */
export function element(tag: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** A list of names and values. */
export function definitions(entries: [name: string, value: Node | string][]): HTMLElement {
  const rows = entries.map(([name, value]) => {
    return element("div", "", element("dt", "", name), element("dd", "", value));
  });
  return element("dl", "claims", ...rows);
}
