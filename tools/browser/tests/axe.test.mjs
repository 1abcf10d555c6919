// axe-core finds nothing on any kind of page, in both themes, on a phone and on a desk.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, open, violations, withPage } from "../lib/browser.mjs";
import { people } from "../lib/kinds.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const widths = [1280, 360];
const themes = ["light", "dark"];
const colourRules = ["color-contrast", "link-in-text-block"];

// inspect looks at a page as it stands in every theme and width.
async function inspect(page) {
  const found = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      // Only what colours decide can be another in the dark.
      for (const line of await violations(page, colorScheme === "dark" ? colourRules : undefined)) found.push(`${colorScheme}, ${width} px: ${line}`);
    }
  }
  assert.ok(found.length === 0, found.join("\n"));
}

for (const { who, kinds, enter } of people) {
  describe(`axe: pages for ${who}`, () => {
    for (const [kind, reach] of Object.entries(kinds)) {
      test(kind, () => withPage(browser, {}, async (page) => {
        await enter(page);
        await reach(page);
        await inspect(page);
      }));
    }
  });
}

test("axe: the list of suggestions is open", () => withPage(browser, {}, async (page) => {
  await open(page, "/");
  await page.getByRole("combobox", { name: "What do you need?" }).pressSequentially("vec");
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await inspect(page);
  assert.ok(await page.locator("[role=option]").first().isVisible(), "the list stayed open");
}));

test("axe: the help is open", () => withPage(browser, {}, async (page) => {
  await open(page, "/");
  await page.getByRole("button", { name: "Keyboard" }).click();
  await page.getByRole("dialog").waitFor();
  await inspect(page);
}));
