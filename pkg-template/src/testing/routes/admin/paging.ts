/** Pages of a list, and the headers that lead through them (`admin#user-list`). */
import { failure } from "../../answer.js";
import type { Answer } from "../../answer.js";
import type { Ask } from "../../world.js";

const PER_PAGE = 20;

/** `all` is given oldest first, and listed newest first unless the query says otherwise. */
export function pageOf<T>(
  { world }: Ask,
  query: URLSearchParams,
  all: readonly T[],
): { items: T[]; headers: Record<string, string> } | { answer: Answer } {
  const bad = (message: string) => ({ answer: failure(400, message) });
  for (const name of ["page", "per_page"]) {
    const text = query.get(name) ?? "";
    if (!/^-?\d*$/.test(text)) return bad(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  }
  const direction = query.get("sort_direction") ?? "desc";
  if (!/^(asc|desc)$/.test(direction)) return bad("sort_direction must be desc or asc");
  const page = Number(query.get("page") ?? 0) || 1;
  const perPage = Number(query.get("per_page") ?? 0) || PER_PAGE;
  const sorted = direction === "asc" ? [...all] : [...all].reverse();
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const link = (rel: string, to: number) =>
    `<${world.settings.apiUrl}/admin/users?${queryAt(query, to, perPage)}>; rel="${rel}"`;
  const links = [
    ...(page > 1 || last === 1 ? [link("first", 1)] : []),
    ...(last > 1 && page !== last ? [link("last", last)] : []),
    ...(page < last ? [link("next", page + 1)] : []),
    ...(page > 1 ? [link("prev", page - 1)] : []),
  ];
  const items = sorted.slice((page - 1) * perPage, page * perPage);
  return { items, headers: { link: links.join(","), "x-total-count": String(all.length) } };
}

/** Sorted by name. */
function queryAt(query: URLSearchParams, page: number, perPage: number): string {
  const at = new URLSearchParams(query);
  at.set("page", String(page));
  at.set("per_page", String(perPage));
  at.sort();
  return at.toString();
}
