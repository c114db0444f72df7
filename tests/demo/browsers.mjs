import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { Browser, Builder, logging } from "selenium-webdriver";
import inspectLogs from "selenium-webdriver/bidi/logInspector.js";
import chrome from "selenium-webdriver/chrome.js";
import firefox from "selenium-webdriver/firefox.js";

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

/** The browsers of the demo test, each with the programs that it takes, by variable and by name. */
export const BROWSERS = [
  {
    name: "Chromium",
    program: { variable: "CHROMIUM", names: ["chromium", "chromium-browser", "google-chrome"] },
    driver: { variable: "CHROMEDRIVER", names: ["chromedriver"] },
    start: startChromium,
  },
  {
    name: "Firefox",
    program: { variable: "FIREFOX", names: ["firefox-esr", "firefox"] },
    driver: { variable: "GECKODRIVER", names: ["geckodriver"] },
    start: startFirefox,
  },
];

/** Why a browser cannot be opened here, or undefined. */
export function reasonMissing({ name, program, driver }) {
  const lacking = [program, driver].filter((each) => !pathOf(each)).map(({ names }) => names[0]);
  return lacking.length ? `${name}: no ${lacking.join(", no ")} on PATH` : undefined;
}

/**
 * Opens a headless browser. Its driver's path is always named: selenium's own download never runs.
 *
 * @returns the driver; `complaints`, which waits for and gives what went to the console as a warning or worse; `close`
 */
export async function open(browser) {
  const profile = await mkdtemp(join(tmpdir(), "hanko-edge-demo-"));
  const driver = await browser.start(pathOf(browser.program), pathOf(browser.driver), profile);
  const complaints = [];
  const inspector = await inspectLogs(driver);
  await inspector.onLog(({ level, text }) => {
    if (level === "warn" || level === "error") complaints.push(`${level}: ${text}`);
  });
  const close = async () => {
    await driver.quit();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { driver, complaints: async () => [...complaints, ...(await networkComplaints(browser, driver))], close };
}

/** Refused requests and breaches of the CSP reach only Chromium's own log, not WebDriver BiDi's. */
async function networkComplaints({ name }, driver) {
  if (name !== "Chromium") return [];
  const entries = await driver.manage().logs().get(logging.Type.BROWSER);
  return entries.map(({ level, message }) => `${level.name}: ${message}`);
}

function startChromium(program, driver, profile) {
  const options = new chrome.Options()
    .setChromeBinaryPath(program)
    .addArguments(...CHROMIUM_FLAGS, `--user-data-dir=${profile}`)
    .enableBidi();
  const service = new chrome.ServiceBuilder(driver);
  return new Builder().forBrowser(Browser.CHROME).setChromeOptions(options).setChromeService(service).build();
}

function startFirefox(program, driver) {
  const options = new firefox.Options().setBinary(program).addArguments("--headless").enableBidi();
  const service = new firefox.ServiceBuilder(driver);
  return new Builder().forBrowser(Browser.FIREFOX).setFirefoxOptions(options).setFirefoxService(service).build();
}

function pathOf({ variable, names }) {
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
