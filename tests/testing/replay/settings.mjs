/** The test servers on which recordings are replayed: one per configuration. */
import { createTestHanko } from "hanko-edge/testing";

const servers = new Map();

/** `apart` keeps a topic from the servers of the others. */
export async function serverFor(version, recording, scenario, apart) {
  const options = { version, ...optionsOf(recording.config), ...optionsOf(scenario.settings ?? scenario.config ?? {}) };
  const key = JSON.stringify([options, apart]);
  if (!servers.has(key)) servers.set(key, start(options));
  return servers.get(key);
}

async function start(options) {
  const clock = { now: 0 };
  // As long as Hanko's keys, so that an altered signature can be altered alike.
  const hanko = await createTestHanko({ ...options, keyBits: 4096, now: () => new Date(clock.now) });
  return { hanko, clock, idleTimeout: options.idleTimeout };
}

/** Settings are nested in some recordings, and named by their path in others. */
function optionsOf(config) {
  const { session = {} } = config;
  const of = (name) => config[`session.${name}`] ?? session[name];
  const options = {
    lifespan: seconds(of("lifespan")),
    idleTimeout: seconds(of("idle_timeout")),
    cookieName: config["session.cookie.name"] ?? session.cookie?.name,
    sessionLimit: of("limit"),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function seconds(text) {
  const [, amount, unit] = /^(\d+)([hms])$/.exec(text ?? "") ?? [];
  return unit && Number(amount) * { h: 3600, m: 60, s: 1 }[unit];
}
