/** Where Hanko looks for a token: `Authorization`, then the cookie. As Echo's extractors and Go's cookie parser do it. */

/** Cookies of the name that are looked at (`validate-get#validate-get-two-cookies`). */
const MOST_COOKIES = 20;

/** Every token text that a request carries, in the order in which Hanko tries them. */
export function carriedTokens(headers: Headers, cookieName: string): string[] {
  const authorization = headers.get("authorization") ?? "";
  const cookies = cookieValues(headers.get("cookie") ?? "", cookieName);
  // No space is needed behind the scheme (`validate-get#validate-get-scheme-spelling`).
  const bearer = /^bearer(.+)/is.exec(authorization)?.slice(1) ?? [];
  return [...bearer, ...cookies.slice(0, MOST_COOKIES)];
}

function cookieValues(header: string, cookieName: string): string[] {
  return header.split(";").flatMap((pair) => {
    const at = pair.indexOf("=");
    const name = (at === -1 ? pair : pair.slice(0, at)).trim();
    const value =
      at === -1
        ? ""
        : pair
            .slice(at + 1)
            .trimEnd()
            .replace(/^"(.*)"$/, "$1");
    return name === cookieName && /^[\x20!#-:<-[\]-~]*$/.test(value) ? [value] : [];
  });
}
