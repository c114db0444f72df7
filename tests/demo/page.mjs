import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

import { By } from "selenium-webdriver";
import browsingContext from "selenium-webdriver/bidi/browsingContext.js";

const WAIT = 15_000;

/** What the demo's page shows and takes, in a browser. */
export class Page {
  constructor(driver, url) {
    this.driver = driver;
    this.url = url;
  }

  /** A new visitor, of a Hanko that is well. */
  async visit() {
    const response = await fetch(`${this.url}/demo/heal`, { method: "POST", headers: { origin: this.url } });
    assert.equal(response.status, 204);
    await this.driver.get(this.url);
    await this.driver.manage().deleteAllCookies();
    await this.driver.navigate().refresh();
    await this.shows({ local: "Signed out token_missing", remote: "Signed out token_missing" });
  }

  async signIn(name) {
    await this.press(name);
    await this.shows(SIGNED_IN);
  }

  /** Presses the one visible button that begins with this text. */
  async press(text) {
    const buttons = await this.driver.findElements(By.xpath(`//button[starts-with(normalize-space(), "${text}")]`));
    const visible = [];
    for (const button of buttons) if (await button.isDisplayed()) visible.push(button);
    assert.equal(visible.length, 1, `visible buttons "${text}"`);
    await visible[0].click();
  }

  /** Waits until the modes say this: the verdict and its code. Modes that are not named may say anything. */
  async shows(expected) {
    await this.becomes(expected, async () => {
      const verdicts = await this.driver.executeScript(readVerdicts);
      return Object.fromEntries(Object.keys(expected).map((mode) => [mode, verdicts[mode]]));
    });
  }

  /** Asks again and again until the modes say this. */
  async comesToShow(expected) {
    await this.becomes(expected, async () => {
      const verdicts = await this.askAgain();
      return Object.fromEntries(Object.keys(expected).map((mode) => [mode, verdicts[mode]]));
    });
  }

  /** Asks again, and gives what the modes say then. */
  async askAgain() {
    await this.press("Ask again");
    let verdicts = {};
    const isAnswered = async () => Object.keys((verdicts = await this.driver.executeScript(readVerdicts))).length === 3;
    await this.driver.wait(isAnswered, WAIT);
    return verdicts;
  }

  /** Waits until `read` gives what is expected. */
  async becomes(expected, read) {
    let seen;
    const isThere = async () => isDeepStrictEqual((seen = await read()), expected);
    await this.driver.wait(isThere, WAIT).catch(() => assert.deepEqual(seen, expected));
  }

  text(selector) {
    return this.driver.executeScript("return document.querySelector(arguments[0])?.innerText.trim()", selector);
  }

  async isShown(selector) {
    return (await this.driver.findElement(By.css(selector))).isDisplayed();
  }

  async type(id, text) {
    const field = await this.driver.findElement(By.id(id));
    await field.clear();
    await field.sendKeys(text);
  }

  async setViewport(width, height) {
    const context = await browsingContext(this.driver, { browsingContextId: await this.driver.getWindowHandle() });
    await context.setViewport(width, height);
  }

  /** How far the page is wider than the window, in CSS pixels. */
  overflow() {
    return this.driver.executeScript(
      "return document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
  }
}

/** What each mode says of a session, of a Hanko that is well. */
export const SIGNED_IN = {
  local: "Signed in verifiedBy: local",
  remote: "Signed in verifiedBy: remote",
  hybrid: "Signed in verifiedBy: remote",
};

/** What hybrid says while it bridges an outage. */
export const STALE = `${SIGNED_IN.hybrid} stale: true`;

const readVerdicts = `
  if (document.querySelector("#verdicts").getAttribute("aria-busy") !== "false") return {};
  const cards = [...document.querySelectorAll(".verdict")];
  const texts = (card) => [...card.querySelectorAll(".word, .reason code")].map((each) => each.innerText.trim());
  return Object.fromEntries(cards.map((card) => [card.dataset.mode, texts(card).join(" ")]));
`;
