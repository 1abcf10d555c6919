// Somebody follows a project, hears of a release, reads what is new in it, and has enough.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, violations, withPage } from "../lib/browser.mjs";
import { address as registry, letters, links, publishAlmanac } from "../lib/registry.mjs";

let browser;
before(async () => {
  browser = await launch();
  await publishAlmanac("1.0.0");
});
after(() => browser.close());

test("follow, confirm, read of a release, stop", () => withPage(browser, {}, async (page) => {
  const address = "vera@example.org";
  await open(page, "/extensions/almanac");
  await page.getByLabel("Your mail address").fill(address);
  await page.getByRole("button", { name: "Follow", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Look into your mail" }).waitFor();
  const [confirmation] = await letters(address, "almanac");
  const link = links(confirmation).find((found) => found.includes("/follow/confirm"));
  // Whoever looks into letters for others opens links, and nothing comes of it.
  for (const scanned of links(confirmation).filter((found) => found.startsWith(registry))) await fetch(scanned);
  await page.goto(link);
  await page.getByRole("main").getByRole("button").first().click();
  await page.getByText(/You follow/).first().waitFor();

  await publishAlmanac("1.1.0");
  const [release] = await letters(address, "1.1.0");
  assert.match(release.text, /almanac\.keep/);
  assert.doesNotMatch(release.text, /The first one/);
  await page.goto(links(release).find((found) => found.includes("/extensions/almanac")) + "/1.1.0");
  await page.getByRole("heading", { level: 2, name: "Changes" }).waitFor();
  assert.match(await page.getByRole("region", { name: "Changes" }).textContent(), /A job that never ends/);

  await page.goto(links(release).find((found) => found.includes("/follow/unsubscribe")));
  await page.getByRole("main").getByRole("button").first().click();
  await page.getByRole("heading", { level: 1, name: "You do not follow" }).waitFor();
}));

for (const [about, colorScheme, width] of [["1.1.0", "light", 1280], ["1.1.0", "dark", 320], ["follow", "light", 320]]) {
  test(`a letter about ${about} in ${colorScheme} colours, ${width} pixels wide`, () => withPage(browser, { colorScheme, viewport: { width, height: 900 } }, async (page) => {
    const [letter] = await letters("vera@example.org", about);
    // As its own document: where letters are caught, a policy keeps all scripts away, those of the test too.
    await page.setContent(letter.html);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    await page.getByRole("heading", { level: 1 }).waitFor();
    // Colours are the browser's own, and axe takes the ground of a dark one for white.
    const rules = ["link-name", "image-alt", "heading-order", ...(colorScheme === "light" ? ["color-contrast"] : [])];
    assert.deepEqual(await violations(page, rules), []);
  }));
}
