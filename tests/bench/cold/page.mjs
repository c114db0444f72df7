import { timeCold } from "./time.mjs";

globalThis.cold = (given) =>
  timeCold(() => import("/contestant.js"), given).then(
    (timed) => timed,
    (error) => ({ error: String(error?.stack ?? error) }),
  );
