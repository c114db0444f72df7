// A server of Node's, as the README says it for TypeScript. Express, Fastify and Koa give the same headers.
import { createServer } from "node:http";

import { createHanko, denyResponse } from "hanko-edge";

const hanko = createHanko({ apiUrl: "https://auth.example.com" });

export const app = createServer(async (request, response) => {
  const auth = await hanko.authenticate(new Headers(request.headers as Record<string, string>));
  if (auth.status === "signed-in") return void response.end(auth.userId);
  const denial = denyResponse(auth);
  response.writeHead(denial.status, Object.fromEntries(denial.headers)).end(await denial.text());
});
