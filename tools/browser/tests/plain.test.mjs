// Without JavaScript everything works, and pages say the same.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, signIn, withPage } from "../lib/browser.mjs";
import { everybody, makeToken, owners } from "../lib/kinds.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const plain = { javaScriptEnabled: false };
const heading = (page) => page.getByRole("heading", { level: 1 }).textContent();

test("without JavaScript: search, facets, sort, the next page, the choice of a pair", () => withPage(browser, plain, async (page) => {
  await open(page, "/");
  await page.getByRole("searchbox", { name: "What do you need?" }).fill("index");
  await page.getByRole("combobox", { name: "PostgreSQL", exact: true }).selectOption("17");
  await page.getByRole("button", { name: "Search" }).click();
  assert.match(await heading(page), /^\d+ extensions for “index”, PostgreSQL 17$/);

  const facets = page.getByRole("complementary", { name: "Filters" });
  await facets.getByRole("link", { name: "linux/arm64" }).click();
  assert.match(await heading(page), /, linux\/arm64$/);
  await page.getByRole("list", { name: "Filters in force" }).getByRole("link", { name: /^PostgreSQL 17/ }).click();
  assert.match(await heading(page), /“index”, linux\/arm64$/);

  const names = () => page.locator(".rows h2 a").allTextContents();
  await page.getByRole("link", { name: "name", exact: true }).click();
  assert.equal(new URL(page.url()).searchParams.get("sort"), "name");
  const sorted = await names();
  assert.deepEqual(sorted, sorted.toSorted((a, b) => a.toLowerCase() < b.toLowerCase() ? -1 : 1));

  await open(page, "/search?sort=name");
  const first = await names();
  await page.getByRole("link", { name: "Next page" }).click();
  await page.getByRole("link", { name: "First page" }).waitFor();
  const second = await names();
  assert.ok(second.length > 0 && first.at(-1).toLowerCase() < second[0].toLowerCase(), `${first.at(-1)}, then ${second[0]}`);
  await page.getByRole("link", { name: "First page" }).click();
  await page.getByRole("link", { name: "First page" }).waitFor({ state: "detached" });
  assert.deepEqual(await names(), first);

  await open(page, "/extensions/timetable");
  const command = () => page.locator(".ways code").first().textContent();
  assert.match(await command(), /--pg-version 18/);
  await page.getByRole("list", { name: "PostgreSQL" }).getByRole("link", { name: "16" }).click();
  assert.match(await command(), /--pg-version 16/);
  assert.equal(new URL(page.url()).searchParams.get("pg_version"), "16");
}));

test("without JavaScript: signing in, a token, an invitation, signing out", () => withPage(browser, plain, async (page) => {
  await signIn(page, "walter");
  await makeToken(page, "plain");
  assert.match(await page.locator("#token").textContent(), /^\S{20,}\s*$/);
  await page.getByRole("link", { name: "Done" }).click();
  await page.getByRole("link", { name: "Revoke plain" }).click();
  await page.getByRole("button", { name: "Revoke it" }).click();
  await page.getByText("revoked", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await open(page, "/account");
  await page.getByRole("link", { name: "Sign in" }).waitFor();
}));

// says is the text of a page's parts, but for the number of the request.
const says = (page) => page.evaluate(() => [...document.querySelectorAll("header, main, footer")].map((part) =>
  part.textContent.replaceAll(/\s+/g, " ").replace(/Request \S+/, "Request")).join("\n"));

test("the same text with and without JavaScript", () => withPage(browser, {}, (scripted) => withPage(browser, plain, async (page) => {
  await signIn(scripted, "dev");
  await signIn(page, "dev");
  const same = { ...everybody, ...owners };
  delete same["a token"]; // each is another
  for (const [kind, reach] of Object.entries(same)) {
    await reach(scripted);
    await reach(page);
    assert.equal(await says(page), await says(scripted), kind);
  }
})));

test("what needs JavaScript is not there without it", () => withPage(browser, plain, async (page) => {
  await open(page, "/extensions/pgvector");
  assert.ok(await page.locator(".js").count() > 3);
  for (const part of await page.locator(".js").all()) assert.ok(!await part.isVisible());
}));
