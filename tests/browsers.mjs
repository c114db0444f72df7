/** The browsers that tests and benches drive, headless, by WebDriver. */
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { Browser, Builder, Capabilities, logging } from "selenium-webdriver";
import inspectLogs from "selenium-webdriver/bidi/logInspector.js";
import chrome from "selenium-webdriver/chrome.js";
import firefox from "selenium-webdriver/firefox.js";
import { DriverService } from "selenium-webdriver/remote/index.js";

const CHROMIUM_FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The programs of each browser, by the variable that names one and the names that it goes by. */
const PROGRAMS = {
  chromium: { CHROMIUM: ["chromium", "chromium-browser", "google-chrome"], CHROMEDRIVER: ["chromedriver"] },
  firefox: { FIREFOX: ["firefox-esr", "firefox"], GECKODRIVER: ["geckodriver"] },
  webkit: { SAFARIDRIVER: ["WebKitWebDriver", "safaridriver"] },
};

const STARTERS = { chromium: startChromium, firefox: startFirefox, webkit: startWebKit };

/** Why a browser cannot be opened here, or undefined. */
export function reasonMissing(name) {
  const lacking = Object.entries(PROGRAMS[name]).filter((program) => !pathOf(program));
  return lacking.length ? `${name}: no ${lacking.map(([, [first]]) => first).join(", no ")} on PATH` : undefined;
}

/**
 * Opens a headless browser; WebKit needs a display. Its driver's path is always named: selenium's own download never runs.
 *
 * @param {"chromium" | "firefox" | "webkit"} name
 * @param {{ listening?: boolean }} [options] `listening`: to what goes to the console; not in WebKit
 * @returns the driver; `complaints`, which waits for and gives what went to the console as a warning or worse; `close`
 */
export async function open(name, { listening = false } = {}) {
  const reason = reasonMissing(name);
  if (reason) throw new Error(reason);
  const profile = await mkdtemp(join(tmpdir(), "hanko-edge-browser-"));
  const paths = Object.entries(PROGRAMS[name]).map(pathOf);
  const { driver, stop } = await STARTERS[name](paths, profile, listening);
  const complaints = listening ? await listen(name, driver) : undefined;
  const close = async () => {
    await driver.quit();
    await stop?.();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { driver, complaints, close };
}

async function listen(name, driver) {
  const heard = [];
  const inspector = await inspectLogs(driver);
  await inspector.onLog(({ level, text }) => {
    if (level === "warn" || level === "error") heard.push(`${level}: ${text}`);
  });
  return async () => [...heard, ...(await networkComplaints(name, driver))];
}

/** Refused requests and breaches of the CSP reach only Chromium's own log, not WebDriver BiDi's. */
async function networkComplaints(name, driver) {
  if (name !== "chromium") return [];
  const entries = await driver.manage().logs().get(logging.Type.BROWSER);
  return entries.map(({ level, message }) => `${level.name}: ${message}`);
}

async function startChromium([program, path], profile, listening) {
  const options = new chrome.Options()
    .setChromeBinaryPath(program)
    .addArguments(...CHROMIUM_FLAGS, `--user-data-dir=${profile}`);
  if (listening) options.enableBidi();
  const service = new chrome.ServiceBuilder(path);
  const builder = new Builder().forBrowser(Browser.CHROME).setChromeOptions(options).setChromeService(service);
  return { driver: await builder.build() };
}

async function startFirefox([program, path], _profile, listening) {
  const options = new firefox.Options().setBinary(program).addArguments("--headless");
  if (listening) options.enableBidi();
  const service = new firefox.ServiceBuilder(path);
  const builder = new Builder().forBrowser(Browser.FIREFOX).setFirefoxOptions(options).setFirefoxService(service);
  return { driver: await builder.build() };
}

/** By WebKitGTK's driver, or Safari's: the path tells. Each starts its own browser. */
async function startWebKit([path]) {
  const service = new DriverService.Builder(path).setLoopback(true).build();
  const capabilities = new Capabilities({ browserName: path.endsWith("safaridriver") ? "safari" : "MiniBrowser" });
  const builder = new Builder().usingServer(await service.start()).withCapabilities(capabilities);
  return { driver: await builder.build(), stop: () => service.kill() };
}

function pathOf([variable, names]) {
  if (process.env[variable]) return process.env[variable];
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
