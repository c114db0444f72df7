/** The pauses before a repeat, of up to 250 ms, take no time. Importing it replaces `setTimeout`; deadlines stay as they are. */
const real = globalThis.setTimeout;

globalThis.setTimeout = (callback, milliseconds, ...rest) =>
  real(callback, milliseconds < 300 ? 0 : milliseconds, ...rest);
