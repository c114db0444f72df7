/**
 * A Worker that answers before it knows who asks: workerd then ends all that the request began. `/later` moves the clock that
 * nobody sets, and says how many bytes of memory the core has.
 */
import { createHanko } from "hanko-edge";

import { watchMemories } from "../../memories.mjs";

const memories = watchMemories();
const now = performance.now.bind(performance);
let skipped = 0;
performance.now = () => now() + skipped;

export default {
  async fetch(request) {
    if (new URL(request.url).pathname === "/later") {
      skipped += 60_000;
      return Response.json(memories[0].buffer.byteLength);
    }
    const hanko = createHanko({ apiUrl: request.headers.get("x-hanko"), allowInsecure: true, mode: "remote" });
    const asked = hanko.authenticate(request).then(({ status }) => status);
    return Response.json(await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 5, "gave up"))]));
  },
};
