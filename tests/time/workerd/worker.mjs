/**
 * A Worker that asks who sent a request, with a client made in each: the address of its Hanko is in `x-hanko`.
 * With `x-give-up` it answers after so many milliseconds, whatever it knows: workerd then ends all that the request began.
 */
import { createHanko } from "hanko-edge";

export default {
  async fetch(request, env, context) {
    const hanko = createHanko({
      apiUrl: request.headers.get("x-hanko"),
      allowInsecure: true,
      mode: request.headers.get("x-mode"),
      timeout: Number(request.headers.get("x-timeout")),
    });
    const options = { waitUntil: (promise) => context.waitUntil(promise) };
    const asked = hanko.authenticate(request, options).then(({ status, code, userId }) => ({ status, code, userId }));
    const giveUpAfter = request.headers.get("x-give-up");
    if (giveUpAfter === null) return Response.json(await asked);
    const gaveUp = new Promise((resolve) => setTimeout(resolve, Number(giveUpAfter), { status: "gave up" }));
    return Response.json(await Promise.race([asked, gaveUp]));
  },
};
