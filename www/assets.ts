import html from "./page/index.html";
import icon from "./page/icon.svg";

/** The bundles of `page/page.ts` and `page/style/style.css`, put here by the build. */
declare const PAGE_SCRIPT: string;
declare const PAGE_STYLE: string;

const ASSETS = new Map([
  ["/", { type: "text/html; charset=utf-8", body: html }],
  ["/assets/style.css", { type: "text/css; charset=utf-8", body: PAGE_STYLE }],
  ["/assets/page.js", { type: "text/javascript; charset=utf-8", body: PAGE_SCRIPT }],
  ["/assets/icon.svg", { type: "image/svg+xml", body: icon }],
]);

const SECURITY_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

export function assetResponse(request: Request): Response {
  const asset = ASSETS.get(new URL(request.url).pathname);
  if (!asset) return new Response("Not found\n", { status: 404 });
  if (request.method !== "GET") return new Response("Only GET\n", { status: 405, headers: { allow: "GET" } });
  return new Response(asset.body, {
    headers: { ...SECURITY_HEADERS, "content-type": asset.type, "cache-control": "no-cache" },
  });
}
