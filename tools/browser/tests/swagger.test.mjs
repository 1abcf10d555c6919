// The contract is tried out where it is shown: with a token, a question and a file, and nobody but the registry is asked.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, withPage } from "../lib/browser.mjs";
import { address, ownerToken, withArchive } from "../lib/registry.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

// operation opens one, ready to be filled in.
async function operation(page, method, path) {
  const block = page.locator(`.opblock-${method}`).filter({ has: page.locator(`[data-path="${path}"]`) });
  await block.locator(".opblock-summary-control").click();
  await block.getByRole("button", { name: "Try it out" }).click();
  return block;
}

// execute sends it, and gives the status and text of what came back.
async function execute(block) {
  await block.getByRole("button", { name: "Execute" }).click();
  const live = block.locator(".live-responses-table .response");
  await live.waitFor();
  return [(await live.locator(".response-col_status").first().textContent()).trim(), await live.locator(".response-col_description").first().textContent()];
}

test("Swagger UI: authorise, ask, publish a file", () => withPage(browser, { viewport: { width: 1280, height: 1600 } }, async (page) => {
  await page.goto(address + "/swagger-ui/");
  await page.getByRole("button", { name: "Authorize" }).first().click();
  const dialog = page.locator(".dialog-ux");
  const token = dialog.locator(".auth-container").filter({ hasText: "apiToken" });
  await token.locator("input").fill(ownerToken);
  await token.getByRole("button", { name: "Apply credentials" }).click();
  await token.getByText("Authorized").waitFor();
  await dialog.getByRole("button", { name: "Close" }).last().click();

  const me = await operation(page, "get", "/api/v1/me");
  const [known, whoami] = await execute(me);
  assert.equal(known, "200");
  assert.match(whoami, /"name": "dev"/);

  const search = await operation(page, "get", "/api/v1/search");
  await search.locator('tr[data-param-name="q"] input').fill("vector similarity");
  const [found, results] = await execute(search);
  assert.equal(found, "200");
  assert.match(results, /"name": "pgvector"/);

  const name = "swagger_made";
  await withArchive(name, "1.0.0", {}, async (archive) => {
    const publishing = await operation(page, "post", "/extensions/new");
    await publishing.locator("textarea").fill(JSON.stringify({ name, vers: "1.0.0", license: "PostgreSQL" }));
    await publishing.locator('input[type="file"]').setInputFiles(archive);
    const [done, said] = await execute(publishing);
    assert.equal(done, "200", said);
    assert.match(said, new RegExp(`Successfully published extension ${name} version 1\\.0\\.0`));
  });
  const published = await (await fetch(`${address}/api/v1/trunk-projects/${name}`)).json();
  assert.deepEqual(published.map((project) => project.version), ["1.0.0"]);
}));
