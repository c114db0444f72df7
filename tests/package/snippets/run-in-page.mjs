// Runs the snippet in a page whose visitor is signed in, signed out, or there while Hanko is down: `?state=...`
import { createTestHanko } from "hanko-edge/testing";

const server = await createTestHanko({ apiUrl: "https://auth.example.com" });
const { user_id } = await server.createUser({});
const { token } = await server.createSession(user_id);
const state = new URLSearchParams(location.search).get("state");
if (state === "down") server.setOutage("database-away");

/** As a browser does with its cookie, which no script can set: it goes with requests that include credentials. */
globalThis.fetch = (request) => {
  const headers = new Headers(request.headers);
  if (request.credentials === "include" && state !== "out") headers.set("authorization", `Bearer ${token}`);
  return server.fetch(new Request(request, { headers }));
};

globalThis.shown = import("snippet").then(
  () => ({ user_id, text: document.body.innerText }),
  (error) => ({ error: String(error) }),
);
