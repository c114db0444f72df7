import { measure } from "./figures.mjs";

globalThis.measure = (job) =>
  measure(job).then(
    (measured) => ({ measured }),
    (error) => ({ error: String(error?.stack ?? error) }),
  );
