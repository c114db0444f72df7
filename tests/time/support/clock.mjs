/** A clock that stands still until it is moved. Importing it replaces `Date.now` for the file's process. */
export const realNow = Date.now;

let now = 1_800_000_000_000;
Date.now = () => now;

export const clock = {
  get now() {
    return now;
  },
  /** @param {number} seconds back where negative */
  advance(seconds) {
    now += Math.round(seconds * 1000);
  },
};
