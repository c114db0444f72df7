// The browsers of `npm test`, each with its driver: found, installed where that needs no asking, else named.
import { distribution, installPackages, mayInstallPackages, packageCommand } from "./apt.mjs";
import { findExecutable } from "./executables.mjs";
import { geckodriver, withTool } from "./tools.mjs";

const MACOS = process.platform === "darwin";
const PACKAGES = ["chromium", "chromium-driver", "firefox-esr", "xvfb", "xauth", "webkit2gtk-driver"];
// No browser, but a server that tests start; its command bears the package's name.
const REDIS = "redis-server";
const HEADLESS_WEBKIT = ["xvfb", "xauth", "webkit2gtk-driver"];
const CHROMIUM = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

// The programs of an engine, the driver first: the variable that names one, and the names it goes by.
const ENGINES = {
  chromium: {
    CHROMEDRIVER: ["chromedriver", "chromium.chromedriver"],
    CHROMIUM: [...CHROMIUM, application("Chromium", "Chromium"), application("Google Chrome", "Google Chrome")],
  },
  firefox: {
    GECKODRIVER: ["geckodriver"],
    FIREFOX: ["firefox-esr", "firefox", application("Firefox", "firefox")],
  },
  webkit: MACOS
    ? { SAFARIDRIVER: ["safaridriver"] }
    : { SAFARIDRIVER: ["WebKitWebDriver"], XVFB_RUN: ["xvfb-run"], XAUTH: ["xauth"] },
};

function application(name, program) {
  return `/Applications/${name}.app/Contents/MacOS/${program}`;
}

/** Installs the browsers and the Redis that are absent, where that needs no asking, and Firefox's driver. Returns the environment. */
export async function installBrowsers(env) {
  const engines = Object.keys(ENGINES);
  // Ubuntu's packages of these names are absent or stand for snaps.
  const mayInstall = mayInstallPackages() && distribution() === "debian";
  try {
    if (mayInstall && engines.some((engine) => absent(engine, env).some((name) => name !== "geckodriver"))) {
      await installPackages("browsers", PACKAGES, env);
    }
    if (mayInstallPackages() && findExecutable([REDIS], env) === undefined) {
      await installPackages("Redis", [REDIS], env);
    }
    if (absent("firefox", env).includes("firefox-esr")) return env;
    return await withTool(geckodriver, env);
  } catch (error) {
    // What is still absent is named with its suites, and fails or skips them.
    console.error(error.message);
    return env;
  }
}

/** For each engine `{ driver }`, its path, or `{ missing }`, the reason with the command that helps. */
export function findBrowsers(env) {
  const entries = Object.entries(ENGINES).map(([engine, programs]) => {
    const lacking = absent(engine, env);
    if (lacking.length > 0) return [engine, { missing: `no ${lacking.join(", ")}. Install with: ${installCommand()}` }];
    return [engine, { driver: locate(Object.entries(programs)[0], env) }];
  });
  return Object.fromEntries(entries);
}

/** The variables that tell selenium's users where the programs are. */
export function browserVariables(env) {
  const programs = Object.values(ENGINES).flatMap(Object.entries);
  const found = programs.map((program) => [program[0], locate(program, env)]);
  return Object.fromEntries(found.filter(([, path]) => path !== undefined));
}

function absent(engine, env) {
  const programs = Object.entries(ENGINES[engine]);
  return programs.filter((program) => locate(program, env) === undefined).map(([, names]) => names[0]);
}

function locate([variable, names], env) {
  return findExecutable([env[variable], ...names].filter(Boolean), env);
}

function installCommand() {
  if (MACOS) {
    return "brew install --cask chromium firefox && brew install geckodriver chromedriver && safaridriver --enable";
  }
  if (distribution() === "debian") return packageCommand(PACKAGES);
  if (distribution() === "ubuntu") return `snap install chromium firefox && ${packageCommand(HEADLESS_WEBKIT)}`;
  return "the system's package manager (Chromium, chromedriver, Firefox, WebKitWebDriver, xvfb-run, xauth)";
}
