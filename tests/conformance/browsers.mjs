import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Browser, Builder, Capabilities } from "selenium-webdriver";
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

/**
 * Opens a headless browser; WebKit needs a display. The driver's path is always named: selenium's own download never runs.
 *
 * @param {"chromium" | "firefox" | "webkit"} name
 * @returns {Promise<{ driver: import("selenium-webdriver").WebDriver, close: () => Promise<void> }>}
 */
export async function open(name) {
  const profile = await mkdtemp(join(tmpdir(), "hanko-edge-browser-"));
  const { driver, stop } = await OPENERS[name](profile);
  const close = async () => {
    await driver.quit();
    await stop?.();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { driver, close };
}

const OPENERS = { chromium: openChromium, firefox: openFirefox, webkit: openWebKit };

async function openChromium(profile) {
  const options = new chrome.Options()
    .setChromeBinaryPath(process.env.CHROMIUM ?? "/usr/bin/chromium")
    .addArguments(...CHROMIUM_FLAGS, `--user-data-dir=${profile}`);
  const service = new chrome.ServiceBuilder(process.env.CHROMEDRIVER ?? "/usr/bin/chromedriver");
  const builder = new Builder().forBrowser(Browser.CHROME).setChromeOptions(options).setChromeService(service);
  return { driver: await builder.build() };
}

async function openFirefox() {
  const options = new firefox.Options()
    .setBinary(process.env.FIREFOX ?? "/usr/bin/firefox-esr")
    .addArguments("--headless");
  const service = new firefox.ServiceBuilder(process.env.GECKODRIVER ?? "geckodriver");
  const builder = new Builder().forBrowser(Browser.FIREFOX).setFirefoxOptions(options).setFirefoxService(service);
  return { driver: await builder.build() };
}

/** By WebKitGTK's driver, or Safari's: the path tells. Each starts its own browser. */
async function openWebKit() {
  const path = process.env.SAFARIDRIVER ?? "/usr/bin/WebKitWebDriver";
  const service = new DriverService.Builder(path).setLoopback(true).build();
  const capabilities = new Capabilities({ browserName: path.endsWith("safaridriver") ? "safari" : "MiniBrowser" });
  const builder = new Builder().usingServer(await service.start()).withCapabilities(capabilities);
  return { driver: await builder.build(), stop: () => service.kill() };
}
