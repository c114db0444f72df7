import { run } from "./run.mjs";

export default {
  async fetch() {
    return Response.json(await run("workerd"));
  },
};
