/**
 * A Worker that patches unsafe metadata, with a client made in each request. With `x-give-up` it answers after so many
 * milliseconds, whatever it knows: workerd then ends all that the request began, the turn in the queue with it.
 */
import { createHanko } from "hanko-edge";

export default {
  async fetch(request) {
    const hanko = createHanko({ apiUrl: request.headers.get("x-hanko"), allowInsecure: true, timeout: 5000 });
    const token = request.headers.get("authorization").replace("Bearer ", "");
    const patched = hanko.patchUnsafeMetadata(await request.json(), { token }).then(
      ({ unsafe_metadata }) => ({ stored: unsafe_metadata }),
      ({ code }) => ({ code }),
    );
    const giveUpAfter = request.headers.get("x-give-up");
    if (giveUpAfter === null) return Response.json(await patched);
    const gaveUp = new Promise((resolve) => setTimeout(resolve, Number(giveUpAfter), { code: "gave up" }));
    return Response.json(await Promise.race([patched, gaveUp]));
  },
};
