/** What is measured in every runtime, each figure with its contestants. */
import { hankoOf, honoOf, joseOf, listedOf, rawOf } from "./contestants.mjs";
import { PREVIEWS, previewing } from "./metadata.mjs";
import { race } from "./race.mjs";

/**
 * Measures the figures on this runtime.
 *
 * @param {{ fixture: object, figures: string[], rounds: number, blockMs: number }} job
 * @returns {Promise<Record<string, Record<string, number[]>>>} by figure and contestant: microseconds, round by round
 */
export async function measure({ fixture, figures, rounds, blockMs }) {
  const field = { hanko: hankoOf(fixture), jose: joseOf(fixture), hono: honoOf(fixture), raw: await rawOf(fixture) };
  field.listed = listedOf(fixture);
  await assertFair(fixture, field);
  const measured = {};
  for (const figure of figures) {
    measured[figure] = await race(FIGURES[figure](fixture, field), { rounds, blockMs });
  }
  return measured;
}

const FIGURES = {
  verify: ({ tokens }, { hanko, jose, hono, raw }) => [
    { name: "hanko-edge", inputs: taking(tokens), run: hanko.verify },
    { name: "jose", inputs: taking(tokens), run: jose.verify },
    { name: "raw", inputs: taking(tokens.map(raw.prepare)), run: raw.verify },
    { name: "hono", inputs: requestsOf(taking(tokens)), run: hono.authenticate },
  ],
  again: ({ tokens: [token] }, { hanko, jose, hono }) => [
    { name: "hanko-edge", inputs: requestsOf(taking([token])), run: hanko.authenticate },
    { name: "jose", inputs: requestsOf(taking([token])), run: jose.authenticate },
    { name: "hono", inputs: requestsOf(taking([token])), run: hono.authenticate },
  ],
  revocation: ({ tokens: [token] }, { hanko, listed }) => [
    { name: "hanko-edge", inputs: requestsOf(taking([token])), run: listed.authenticate },
    { name: "without", inputs: requestsOf(taking([token])), run: hanko.authenticate },
  ],
  decode: ({ tokens }, { hanko, jose }) => [
    { name: "hanko-edge", inputs: taking(tokens), run: hanko.decode, sync: true },
    { name: "jose", inputs: taking(tokens), run: jose.decode, sync: true },
  ],
  "forged signature": ({ forged }, field) => refusing(forged.signature, field),
  "forged alg": ({ forged }, field) => refusing(forged.alg, field),
  ...Object.fromEntries(Object.keys(PREVIEWS).map((name) => [name, () => previewing(name)])),
};

const refusing = (tokens, { hanko, jose, hono }) => [
  { name: "hanko-edge", inputs: taking(tokens), run: (token) => refused(hanko.verify(token)) },
  { name: "jose", inputs: taking(tokens), run: (token) => refused(jose.verify(token)) },
  { name: "hono", inputs: requestsOf(taking(tokens)), run: hono.authenticate },
];

/** The next of a list that begins again at its end. */
function taking(list) {
  let at = 0;
  return (count) => Array.from({ length: count }, () => list[at++ % list.length]);
}

function requestsOf(tokens) {
  return (count) => tokens(count).map(requestOf);
}

function requestOf(token) {
  return new Request("https://app.example/", { headers: { authorization: `Bearer ${token}` } });
}

async function refused(verified) {
  const accepted = await verified.then(
    () => true,
    () => false,
  );
  if (accepted) throw new Error("a forged token was accepted");
}

/** Everybody says yes to the good and no to the forged, and a new token costs each of them one verification. */
async function assertFair({ tokens, forged }, { hanko, listed, jose, hono, raw }) {
  const verifications = countVerifications();
  for (const token of tokens) await hanko.verify(token);
  for (const token of tokens) await hanko.verify(token);
  expect("verifications of new tokens", verifications.stop(), 2 * tokens.length);
  const [token] = tokens;
  expect("hanko-edge", (await hanko.authenticate(requestOf(token))).status, "signed-in");
  const again = countVerifications();
  expect("hanko-edge", (await hanko.authenticate(requestOf(token))).status, "signed-in");
  expect("verifications of a known token", again.stop(), 0);
  expect("with a list", (await listed.authenticate(requestOf(token))).status, "signed-in");
  expect("on the list", (await listed.authenticate(requestOf(tokens.at(-1)))).code, "session_ended");
  expect("jose", (await jose.authenticate(requestOf(token))).payload.sub, hanko.decode(token).claims.subject);
  expect("hono", (await hono.authenticate(requestOf(token))).status, 200);
  expect("raw", await raw.verify(raw.prepare(token)), true);
  for (const [bad] of Object.values(forged)) {
    await refused(hanko.verify(bad));
    await refused(jose.verify(bad));
    expect("hono", (await hono.authenticate(requestOf(bad))).status, 401);
  }
}

function countVerifications() {
  const { verify } = SubtleCrypto.prototype;
  let count = 0;
  SubtleCrypto.prototype.verify = function (...args) {
    count += 1;
    return verify.apply(this, args);
  };
  const stop = () => {
    SubtleCrypto.prototype.verify = verify;
    return count;
  };
  return { stop };
}

function expect(what, found, wanted) {
  if (found !== wanted) throw new Error(`${what}: ${found}, expected ${wanted}`);
}
