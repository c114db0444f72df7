import { payloadOf } from "./tokens.mjs";

/** Every recorded ask of `/sessions/validate` about one plainly carried token: `{ name, token, at, response, jwks, about }`. */
export function asksOf(file) {
  return file.scenarios.flatMap((scenario) =>
    scenario.exchanges.flatMap((exchange, index) => {
      const token = isAsk(exchange) ? (tokenOfBody(exchange.request) ?? tokenOfHeaders(exchange.request)) : undefined;
      if (token === undefined) return [];
      const name = `${file.server} ${file.topic}#${scenario.name}[${index}]`;
      const { at, response } = exchange;
      return [{ name, scenario: scenario.name, token, at: Date.parse(at) / 1000, response, jwks: file.jwks }];
    }),
  );
}

/** Every recorded webhook: `{ name, body, token, event, at, payload, jwks }`. */
export function deliveriesOf(file) {
  return file.scenarios.flatMap((scenario) =>
    scenario.exchanges.flatMap(({ kind, at, request }, index) => {
      if (kind !== "delivery" || request.body === "") return [];
      const { token, event } = JSON.parse(request.body);
      const name = `${file.server} ${file.topic}#${scenario.name}[${index}]`;
      const { body } = request;
      return [{ name, body, token, event, at: Date.parse(at) / 1000, payload: payloadOf(token), jwks: file.jwks }];
    }),
  );
}

/** Every recorded `GET` of `/me` and `/users/{id}` with one plainly carried token: `{ name, token, path, response, jwks }`. */
export function profilesOf(file) {
  return file.scenarios.flatMap((scenario) =>
    scenario.exchanges.flatMap(({ kind, request, response }, index) => {
      if (kind || request.to || !/^\/(me|users\/[\da-f-]{36})$/.test(request.path)) return [];
      const token = tokenOfHeaders(request);
      const name = `${file.server} ${file.topic}#${scenario.name}[${index}]`;
      return token?.startsWith("eyJ") ? [{ name, token, path: request.path, response, jwks: file.jwks }] : [];
    }),
  );
}

const REGISTER = /^\/profile\?action=register_client_capabilities%40/;
const PATCH = /^\/profile\?action=patch_metadata%40/;

/** Every recorded profile flow that began, registered and patched well, with its patches: `{ name, token, exchanges }`. */
export function flowsOf(file) {
  return file.scenarios.flatMap((scenario) => {
    const [begin, register, ...rest] = scenario.exchanges;
    const end = rest.findIndex(({ request, response }) => !PATCH.test(request?.path) || response?.status !== 200);
    const patches = end < 0 ? rest : rest.slice(0, end);
    const exchanges = [begin, register, ...patches];
    const isWhole = begin?.request.path === "/profile" && REGISTER.test(register?.request.path) && patches.length > 0;
    if (!isWhole || exchanges.some(({ request, response }) => response.status !== 200 || !isPlain(request))) return [];
    const token = begin.request.headers.authorization.replace("Bearer ", "");
    return [{ name: `${file.server} ${file.topic}#${scenario.name}`, token, exchanges }];
  });
}

/** By Bearer alone, and as the package sends it. */
function isPlain({ path, body, headers: { authorization, cookie, "content-type": type } }) {
  const isOurs = path === "/profile" ? body === null : type === "application/json" && isSendable(body);
  return isOurs && cookie === undefined && /^Bearer [\w.-]+$/.test(authorization);
}

function isSendable(body) {
  const { input_data: input } = JSON.parse(body);
  const { patch_metadata: patch = {} } = input;
  return patch === "null" || (typeof patch === "object" && patch !== null && !Array.isArray(patch));
}

function isAsk({ kind, request, response }) {
  return !kind && !request.to && request.path === "/sessions/validate" && typeof response.body === "string";
}

function tokenOfBody({ method, headers, body }) {
  if (method !== "POST" || headers["content-type"] !== "application/json" || typeof body !== "string") return undefined;
  try {
    const { session_token: token, ...others } = JSON.parse(body);
    return typeof token === "string" && token !== "" && Object.keys(others).length === 0 ? token : undefined;
  } catch {
    return undefined;
  }
}

function tokenOfHeaders({ method, headers: { authorization, cookie } }) {
  if (method !== "GET") return undefined;
  if (typeof authorization === "string" && cookie === undefined) return authorization.match(/^Bearer ([\w.-]+)$/)?.[1];
  if (typeof cookie === "string" && authorization === undefined) return cookie.match(/^hanko=([\w.-]+)$/)?.[1];
  return undefined;
}
