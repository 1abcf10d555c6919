// The search box suggests, as the combobox of the ARIA Authoring Practices does, and keys work for those who want them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, withPage } from "../lib/browser.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const attributes = (box) => box.evaluate((element) => ({
  expanded: element.getAttribute("aria-expanded"), active: element.getAttribute("aria-activedescendant"),
  controls: document.getElementById(element.getAttribute("aria-controls"))?.getAttribute("role"), autocomplete: element.getAttribute("aria-autocomplete"),
}));
const closed = { expanded: "false", active: null, controls: "listbox", autocomplete: "list" };

async function suggesting(page, text) {
  await open(page, "/");
  const box = page.getByRole("combobox", { name: "What do you need?" });
  await box.pressSequentially(text);
  await page.locator("[role=option]").first().waitFor();
  return box;
}

test("one letter asks for nothing, two letters for at most eight", () => withPage(browser, {}, async (page) => {
  const asked = [];
  page.on("request", (request) => { if (request.url().includes("/suggest")) asked.push(new URL(request.url()).searchParams.get("q")); });
  await open(page, "/");
  const box = page.getByRole("combobox", { name: "What do you need?" });
  assert.deepEqual(await attributes(box), closed);
  await box.pressSequentially("p");
  await box.pressSequentially("g");
  await page.locator("[role=option]").first().waitFor();
  assert.deepEqual(asked, ["pg"]);
  const count = await page.locator("[role=option]").count();
  assert.ok(count > 1 && count <= 8, `${count} suggestions`);
  assert.equal((await attributes(box)).expanded, "true");
  assert.equal((await attributes(box)).active, null, "nothing is chosen beforehand");
  await page.getByRole("status").filter({ hasText: `${count} suggestions` }).waitFor();
}));

test("Down and Up go through the list and back to what was typed", () => withPage(browser, {}, async (page) => {
  const box = await suggesting(page, "vec");
  const last = await page.locator("[role=option]").count() - 1;
  const chosen = async () => {
    const { active } = await attributes(box);
    const marked = await page.locator("[role=option][aria-selected=true]").evaluateAll((list) => list.map((option) => option.id));
    assert.deepEqual(marked, active === null ? [] : [active]);
    return active === null ? -1 : await page.locator("[role=option]").evaluateAll((list, id) => list.findIndex((option) => option.id === id), active);
  };
  const seen = [];
  for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown"]) {
    await page.keyboard.press(key);
    seen.push(await chosen());
  }
  assert.deepEqual(seen, [0, 1, 0, -1, last, -1]);
  assert.equal(await box.inputValue(), "vec");
  assert.ok(await box.evaluate((element) => element === document.activeElement));
}));

test("Enter searches what was typed, and opens what was chosen", () => withPage(browser, {}, async (page) => {
  await suggesting(page, "vec");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search?q=vec");
  await suggesting(page, "pgvecto");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/extensions/pgvector");
}));

test("a click opens a suggestion, for the pair that was chosen", () => withPage(browser, {}, async (page) => {
  await open(page, "/");
  await page.getByRole("combobox", { name: "PostgreSQL", exact: true }).selectOption("16");
  await page.getByRole("combobox", { name: "What do you need?" }).pressSequentially("pgvecto");
  await page.locator("[role=option]", { hasText: /^pgvector/ }).click();
  await page.waitForURL("**/extensions/pgvector?pg_version=16");
}));

test("Esc closes the list, then clears the box", () => withPage(browser, {}, async (page) => {
  const box = await suggesting(page, "vec");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  assert.deepEqual(await attributes(box), closed);
  assert.ok(!await page.getByRole("listbox", { name: "Suggestions" }).isVisible());
  assert.equal(await box.inputValue(), "vec");
  await page.keyboard.press("Escape");
  assert.equal(await box.inputValue(), "");
}));

test("what is gone from the box is not suggested for", () => withPage(browser, {}, async (page) => {
  const box = await suggesting(page, "vec");
  await box.fill("");
  await page.getByRole("listbox", { name: "Suggestions" }).waitFor({ state: "hidden" });
  assert.deepEqual(await attributes(box), closed);
}));

test("/ searches, ? helps, neither in a field, and both can be switched off for good", () => withPage(browser, {}, async (page) => {
  await open(page, "/extensions/pgvector");
  const box = page.getByRole("combobox", { name: "Search extensions" });
  const focused = () => box.evaluate((element) => element === document.activeElement);
  await page.keyboard.press("/");
  assert.ok(await focused());
  await page.keyboard.type("a/b?");
  assert.equal(await box.inputValue(), "a/b?");
  await box.blur();
  await page.keyboard.press("Control+/");
  assert.ok(!await focused());

  const help = page.getByRole("dialog", { name: "Keyboard" });
  await page.keyboard.press("?");
  await help.waitFor();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Keyboard" }).click();
  await page.getByRole("checkbox", { name: /^Switch/ }).check();
  await page.getByRole("button", { name: "Close" }).click();
  await open(page, "/extensions/pgvector");
  await page.keyboard.press("/");
  await page.keyboard.press("?");
  assert.ok(!await focused());
  assert.ok(!await help.isVisible());
}));
