/** A KV in memory that counts what it is asked, and is as slow as told. */
export function countingKv({ delayMs } = {}) {
  const held = new Map();
  const reads = [];
  const writes = [];
  return {
    held,
    reads,
    writes,
    async get(key) {
      reads.push(key);
      const text = held.get(key) ?? null;
      if (delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, delayMs));
      return text;
    },
    put: async (key, value, options) => {
      writes.push({ key, value, ...options });
      held.set(key, value);
    },
  };
}
