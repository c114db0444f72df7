import { measure } from "./figures.mjs";

export default {
  async fetch(request) {
    return Response.json(await measure(await request.json()));
  },
};
