import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Browser, Builder } from "selenium-webdriver";
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

/**
 * Opens a headless browser. The driver's path is always named: selenium's own download never runs.
 *
 * @param {"chromium" | "firefox"} name
 * @returns {Promise<{ driver: import("selenium-webdriver").WebDriver, close: () => Promise<void> }>}
 */
export async function open(name) {
  const profile = await mkdtemp(join(tmpdir(), "hanko-edge-browser-"));
  const driver = await (name === "firefox" ? openFirefox() : openChromium(profile));
  const close = async () => {
    await driver.quit();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { driver, close };
}

function openChromium(profile) {
  const options = new chrome.Options()
    .setChromeBinaryPath(process.env.CHROMIUM ?? "/usr/bin/chromium")
    .addArguments(...CHROMIUM_FLAGS, `--user-data-dir=${profile}`);
  const service = new chrome.ServiceBuilder(process.env.CHROMEDRIVER ?? "/usr/bin/chromedriver");
  return new Builder().forBrowser(Browser.CHROME).setChromeOptions(options).setChromeService(service).build();
}

function openFirefox() {
  const options = new firefox.Options()
    .setBinary(process.env.FIREFOX ?? "/usr/bin/firefox-esr")
    .addArguments("--headless");
  const service = new firefox.ServiceBuilder(process.env.GECKODRIVER ?? "geckodriver");
  return new Builder().forBrowser(Browser.FIREFOX).setFirefoxOptions(options).setFirefoxService(service).build();
}
