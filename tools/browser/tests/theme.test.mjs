// Light and dark: the system's, until somebody chooses.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, withPage } from "../lib/browser.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const light = "rgb(255, 255, 255)", dark = "rgb(15, 22, 30)";
const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

for (const javaScriptEnabled of [true, false]) {
  test(`the system's theme, ${javaScriptEnabled ? "with" : "without"} JavaScript`, () => withPage(browser, { javaScriptEnabled, colorScheme: "dark" }, async (page) => {
    await open(page, "/");
    assert.equal(await ground(page), dark);
    await page.emulateMedia({ colorScheme: "light" });
    assert.equal(await ground(page), light);
  }));
}

test("a chosen theme stays, and stands before anything is painted", () => withPage(browser, { colorScheme: "light" }, async (page) => {
  await page.addInitScript(() => {
    const at = globalThis.themed = { chosen: -1 };
    new MutationObserver(() => {
      if (at.chosen < 0 && document.documentElement?.dataset.theme) at.chosen = performance.now();
    }).observe(document, { attributes: true, subtree: true, childList: true });
  });
  await open(page, "/");
  const choice = page.getByLabel("Theme");
  assert.equal(await choice.inputValue(), "");
  await choice.selectOption("dark");
  assert.equal(await ground(page), dark);
  for (const path of ["/", "/extensions/pgvector"]) {
    await open(page, path);
    assert.equal(await ground(page), dark);
    assert.equal(await choice.inputValue(), "dark");
    const { chosen, painted } = await page.evaluate(async () => ({
      chosen: globalThis.themed.chosen,
      painted: await new Promise((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries()[0].startTime)).observe({ type: "paint", buffered: true });
      }),
    }));
    assert.ok(chosen >= 0 && chosen <= painted, `chosen at ${chosen}, painted at ${painted}`);
  }
  await choice.selectOption("");
  assert.equal(await ground(page), light);
  await open(page, "/");
  assert.equal(await page.locator("html").getAttribute("data-theme"), null);
}));

test("pages work where storage is switched off", () => withPage(browser, {}, async (page) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, "localStorage", { get() { throw new DOMException("switched off", "SecurityError"); } });
  });
  await open(page, "/");
  await page.getByLabel("Theme").selectOption("dark");
  assert.equal(await ground(page), dark);
}));
