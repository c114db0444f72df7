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
