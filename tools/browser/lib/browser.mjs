// A browser, and pages that are watched: whatever goes wrong on one of them fails the test that opened it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { address } from "./registry.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// launch starts Debian's chromium, which asks nobody but this machine for anything.
export const launch = () => chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});

// Runs before the scripts of each page, through the debugger protocol, so that the page's policy stays in force.
function watch() {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });
}

// withPage gives a test a page of its own, in a browser with no memory, and looks afterwards at what it reported.
export async function withPage(browser, options, test) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const faults = [];
  try {
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: address });
    await context.addInitScript(watch);
    context.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol !== "data:" && hostname !== "127.0.0.1") faults.push(`asked ${request.url()}`);
    });
    context.on("weberror", (error) => faults.push(`threw ${error.error().stack}`));
    context.on("console", (message) => {
      // That a page's own answer was a 404 is what some tests are about.
      const itself = message.text().startsWith("Failed to load resource") && message.location().url === message.page()?.url();
      if (["error", "warning"].includes(message.type()) && !itself) faults.push(`on ${message.page()?.url()}: ${message.text()}`);
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await test(page);
    assert.deepEqual(faults, []);
  } catch (error) {
    if (faults.length && !error.message.includes(faults[0])) error.message += `\nThe browser reported:\n${faults.join("\n")}`;
    throw error;
  } finally {
    await context.close();
  }
}

// open goes to an address of the registry; its script has run when it returns.
export async function open(page, path) {
  const answer = await page.goto(address + path);
  if (await scripted(page)) await page.locator("html.scripted").waitFor();
  return answer;
}

// scripted tells whether the page is one of ours, in a browser that runs scripts.
async function scripted(page) {
  return await page.locator("script[type=module]").count() > 0 && await page.evaluate(() => matchMedia("(scripting: enabled)").matches);
}

// signIn signs somebody in, as whoever a name says.
export async function signIn(page, user) {
  await open(page, "/account");
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("User name").fill(user);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/account/tokens**");
}

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// violations are what axe finds on a page as it stands, by all rules of the tags or by the ones that are named: one line for
// each rule and element.
export async function violations(page, rules) {
  const session = await page.context().newCDPSession(page);
  try {
    const evaluate = async (expression) => {
      const { result, exceptionDetails } = await session.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    };
    if (await evaluate("typeof axe") === "undefined") await evaluate(axeSource + ";0");
    return await evaluate(`axe.run(document, { runOnly: ${JSON.stringify(rules ?? tags)}, resultTypes: ["violations"] }).then(({ violations }) =>
      violations.flatMap((v) => v.nodes.map((n) => v.id + " " + n.target.join(" ") + ": " + n.failureSummary.replaceAll("\\n", " "))))`);
  } finally {
    await session.detach();
  }
}
