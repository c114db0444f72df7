import { timeCold } from "./time.mjs";

export default {
  async fetch(request) {
    return Response.json(await timeCold(() => import("contestant.mjs"), await request.json()));
  },
};
