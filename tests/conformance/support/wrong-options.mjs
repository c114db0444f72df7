/** Stands for a secret in a wrong place: no error may show it. */
export const CANARY = "canary-8d1f6b";
const NOT_TEXT = [1, true, null, {}, [], Symbol("s"), () => CANARY, ""];
const outside = (low, high) => [
  low - 1,
  high + 1,
  low + 0.5,
  NaN,
  Infinity,
  -Infinity,
  String(low),
  null,
  {},
  [],
  true,
  BigInt(high),
  CANARY,
];

/** An object whose member cannot be read. */
const unreadable = (name) =>
  Object.defineProperty({}, name, {
    get() {
      throw new Error(CANARY);
    },
  });

/** For each option values that it does not take. */
export const WRONG = {
  apiUrl: [...NOT_TEXT, CANARY, `https://user:${CANARY}@example.com`, `https://example.com/?${CANARY}`],
  cookieName: [...NOT_TEXT, `${CANARY} b`, `${CANARY};`, `${CANARY}=`, `${CANARY}\n`, `"${CANARY}"`, "ü"],
  audience: [1, true, null, {}, [], "", [1], [""], [CANARY, 1], [[CANARY]]],
  issuer: NOT_TEXT,
  clockTolerance: outside(0, 300),
  maxTokenLength: outside(256, 65536),
  mode: [...NOT_TEXT, "Local", " local", CANARY, "toString", "__proto__"],
  revalidateAfter: outside(1, 3600),
  outageGrace: outside(0, 86400),
  keysMaxStale: outside(0, 86400),
  fetch: [1, "fetch", CANARY, null, {}, [], { fetch: CANARY }, unreadable("fetch"), true],
  timeout: outside(100, 30000),
  cacheSize: outside(0, 100000),
  allowInsecure: [1, 0, "true", CANARY, null, {}, []],
  onEvent: [1, CANARY, null, {}, [], true],
  keyStore: [
    1,
    CANARY,
    null,
    {},
    [],
    () => {},
    Object.assign(() => {}, { get: () => CANARY, put: () => CANARY }),
    { get: () => CANARY },
    { get: CANARY, put: CANARY },
    unreadable("get"),
  ],
  revocations: [1, CANARY, null, {}, [], () => true, { isRevoked: () => true }, unreadable("isRevoked")],
  allowedOrigins: [
    1,
    CANARY,
    null,
    {},
    [1],
    [CANARY],
    ["*"],
    ["null"],
    [""],
    [`https://x.example/${CANARY}`],
    ["https://X.example"],
    ["https://*.x.example"],
  ],
  claimsSchema: [
    1,
    CANARY,
    null,
    {},
    [],
    { "~standard": CANARY },
    { "~standard": { version: 1, validate: CANARY } },
    { "~standard": { version: 2, validate: () => CANARY } },
    unreadable("~standard"),
  ],
};
