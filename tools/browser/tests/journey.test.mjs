// Somebody comes with a problem and leaves with a command, and with a token that works.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, withPage } from "../lib/browser.mjs";
import { address } from "../lib/registry.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
const me = (token) => fetch(`${address}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });

test("the journey: search, filter, copy, go back, sign in, make a token, revoke it, sign out", () => withPage(browser, {}, async (page) => {
  await open(page, "/");
  await page.getByRole("combobox", { name: "What do you need?" }).fill("vector similarity");
  await page.getByRole("button", { name: "Search" }).click();
  await page.waitForURL("**/search?q=vector+similarity");
  await page.getByRole("complementary", { name: "Filters" }).getByRole("link", { name: /^(PostgreSQL )?17$/ }).click();
  await page.waitForURL("**pg_version=17**");
  const filtered = page.url();
  await page.getByRole("heading", { level: 1, name: /^\d+ extensions for “vector similarity”, PostgreSQL 17$/ }).waitFor();

  await page.getByRole("heading", { level: 2, name: /^pgvector/ }).getByRole("link").click();
  await page.waitForURL("**/extensions/pgvector?pg_version=17");
  const command = (await page.locator(".ways code").first().textContent()).trim();
  assert.match(command, /^trunk install pgvector --version \S+ --pg-version 17/);
  await page.getByRole("button", { name: "Copy trunk command" }).click();
  await page.getByRole("status").filter({ hasText: "Copied." }).waitFor();
  assert.equal(await clipboard(page), command);

  await page.goBack();
  assert.equal(page.url(), filtered);
  await page.getByRole("list", { name: "Filters in force" }).getByRole("link", { name: /PostgreSQL 17/ }).waitFor();

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Account" }).click();
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("User name").fill("vera");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Signed in as vera").waitFor();

  const name = `CI ${Date.now()}`;
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("checkbox", { name: "publish-new" }).check();
  await page.getByRole("checkbox", { name: "publish-update" }).check();
  await page.getByLabel("Projects", { exact: true }).fill("pgmq*");
  await page.getByRole("button", { name: "Make the token" }).click();
  await page.getByRole("button", { name: "Copy the token" }).click();
  await page.getByRole("status").filter({ hasText: "Copied." }).waitFor();
  const secret = await clipboard(page);
  assert.equal(secret, (await page.locator("#token").textContent()).trim());
  const answer = await me(secret);
  assert.equal(answer.status, 200);
  const { name: user, token } = await answer.json();
  assert.deepEqual([user, token.scopes, token.projects], ["vera", ["publish-new", "publish-update"], ["pgmq*"]]);

  await page.getByRole("link", { name: "Done" }).click();
  await page.getByRole("rowheader", { name: new RegExp(`^${name} `) }).waitFor();
  assert.ok(!(await page.content()).includes(secret), "it was shown once");
  await page.getByRole("link", { name: `Revoke ${name}` }).click();
  await page.getByRole("button", { name: "Revoke it" }).click();
  await page.getByRole("row", { name: new RegExp(name) }).getByText("revoked", { exact: true }).waitFor();
  assert.equal((await me(secret)).status, 401);

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL((url) => url.pathname !== "/account/sign-out");
  await open(page, "/account/tokens");
  await page.getByRole("link", { name: "Sign in" }).waitFor();
  assert.equal((await page.context().cookies()).length, 0);
}));

test("following by mail from a project's page", () => withPage(browser, {}, async (page) => {
  await open(page, "/extensions/pgvector?pg_version=17");
  await page.getByLabel("Your mail address").fill("vera@example.org");
  await page.getByText("Which releases, how often").click();
  assert.equal(await page.locator("#pg_version").inputValue(), "17");
  await page.getByLabel("How often").selectOption("one letter a day");
  await page.getByRole("button", { name: "Follow", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Look into your mail" }).waitFor();
}));

// tabTo presses Tab until something has the focus, as somebody without a mouse does, and sees that the focus shows.
async function tabTo(page, target, most) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) {
      const style = await target.evaluate((element) => { const { outlineStyle, outlineWidth } = getComputedStyle(element); return `${outlineStyle} ${outlineWidth}`; });
      assert.equal(style, "solid 2px");
      return;
    }
  }
  assert.fail(`${target} does not get the focus with ${most} presses of Tab`);
}

test("the journey by keyboard alone, from home to a copied command", () => withPage(browser, {}, async (page) => {
  await open(page, "/");
  await page.keyboard.type("vector similarity");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search?q=vector+similarity");
  await page.locator("html.scripted").waitFor();
  await tabTo(page, page.getByRole("heading", { level: 2, name: /^pgvector/ }).getByRole("link"), 20);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/extensions/pgvector");
  await page.locator("html.scripted").waitFor();
  await tabTo(page, page.getByRole("button", { name: "Copy trunk command" }), 40);
  await page.keyboard.press("Enter");
  await page.getByRole("status").filter({ hasText: "Copied." }).waitFor();
  assert.match(await clipboard(page), /^trunk install pgvector /);
}));

test("where the clipboard is refused, the command is selected instead and nothing claims to be copied", () => withPage(browser, {}, async (page) => {
  await page.addInitScript(() => { navigator.clipboard.writeText = () => Promise.reject(new Error("refused")); });
  await open(page, "/extensions/pgvector");
  await page.getByRole("button", { name: "Copy trunk command" }).click();
  await page.getByRole("status").filter({ hasText: "press Ctrl+C" }).waitFor();
  assert.match(await page.evaluate(() => getSelection().toString()), /^trunk install pgvector /);
}));

test("what a browser reports fails a test", () => assert.rejects(withPage(browser, {}, async (page) => {
  await open(page, "/");
  await page.evaluate(() => fetch("http://localhost:1/").catch(() => {}));
  await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve); }));
}), /refused by the policy: connect-src/));
