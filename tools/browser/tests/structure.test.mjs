// What axe-core cannot see: one title, levels in order, landmarks, tables, room on small screens, and a focus that shows.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, open, withPage } from "../lib/browser.mjs";
import { people } from "../lib/kinds.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

// outline reads from a page what the tests judge.
const outline = (page) => page.evaluate(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const named = (nav) => nav.getAttribute("aria-label") ?? document.getElementById(nav.getAttribute("aria-labelledby"))?.textContent;
  return {
    levels: all("h1, h2, h3, h4, h5, h6").filter((h) => !h.closest("dialog")).map((h) => Number(h.tagName[1])),
    title: document.title,
    h1: document.querySelector("h1").textContent,
    landmarks: ["body > header", "body > header nav", "body > main", "body > footer"].filter((selector) => all(selector).length !== 1),
    navs: all("nav").map(named),
    tables: all("table").map((table) => ({
      caption: table.caption?.textContent.trim() ?? "", bare: all("th:not([scope])", table).length, headed: all("tr", table).every((row) => row.querySelector("th")),
      region: table.parentElement.getAttribute("role") === "region" && table.parentElement.tabIndex === 0,
      readme: table.closest(".readme") !== null,
    })),
    ids: all("[id]").map((element) => element.id).filter((id, i, ids) => ids.indexOf(id) !== i),
    broken: all('a[href^="#"]').map((a) => a.getAttribute("href")).filter((href) => !document.getElementById(decodeURIComponent(href.slice(1)))),
  };
});

function judge(found, kind) {
  assert.equal(found.levels.filter((level) => level === 1).length, 1, "one h1");
  found.levels.reduce((before, level) => {
    assert.ok(level <= before + 1, `a heading of level ${level} follows one of level ${before}: ${found.levels}`);
    return level;
  }, 0);
  assert.deepEqual(found.landmarks, [], "landmarks that are not there once");
  assert.ok(found.navs.every(Boolean) && new Set(found.navs).size === found.navs.length, `the names of navigations: ${found.navs}`);
  for (const table of found.tables) {
    assert.equal(table.bare, 0, `header cells without a scope in “${table.caption}”`);
    assert.ok(table.caption && table.region, `“${table.caption}” has a caption, and scrolls in a region`);
    // In a README only its author knows what the header of a row would be.
    assert.ok(table.headed || table.readme, `“${table.caption}” has a header in each row`);
  }
  assert.deepEqual(found.ids, [], "ids that are there twice");
  assert.deepEqual(found.broken, [], "links to a place of the page that is not there");
  assert.ok(found.title.endsWith("Trunk") || kind === "home", found.title);
}

// fromTheTop lets the next Tab begin before everything, wherever the focus was.
const fromTheTop = (page) => page.evaluate(() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
});

// skips sees that the skip link is first, shows, and takes the focus to the content.
async function skips(page) {
  await fromTheTop(page);
  await page.keyboard.press("Tab");
  const link = page.getByRole("link", { name: "Skip to the content" });
  assert.ok(await link.evaluate((element) => element === document.activeElement && element.getBoundingClientRect().top >= 0), "the skip link is first and shows");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
}

// wide names what makes a page scroll sideways.
const wide = (page) => page.evaluate(() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 0.5 && !e.closest(".table, pre"))
    .map((e) => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`).slice(0, 5).concat(`${root.scrollWidth} px`);
});

const textSize = (page, size) => page.evaluate((size) => { document.documentElement.style.fontSize = size; }, size);

for (const { who, kinds, enter } of people) {
  describe(`the structure of pages for ${who}`, () => {
    for (const [kind, reach] of Object.entries(kinds)) {
      test(kind, () => withPage(browser, {}, async (page) => {
        await enter(page);
        await reach(page);
        judge(await outline(page), kind);
        if (!await page.locator("[data-take-focus]").count()) await skips(page);
        await textSize(page, "200%");
        assert.deepEqual(await wide(page), [], "text at 200 %");
        await textSize(page, "");
        await page.setViewportSize({ width: 320, height: 640 });
        assert.deepEqual(await wide(page), [], "320 px");
      }));
    }
  });
}

test("how many were found stands in the title and the h1", () => withPage(browser, {}, async (page) => {
  for (const [path, words] of [["/search?q=index", /^\d+ extensions for “index”/], ["/search?q=pgvector&license=ISC", /^No extension for “pgvector”/], ["/search?q=pgvector", /^\d+ extensions? for “pgvector”/]]) {
    await open(page, path);
    const found = await outline(page);
    assert.match(found.h1, words);
    assert.match(found.title, words);
  }
}));

test("a form in error: its summary has the focus and leads to the field, which says what is wrong", () => withPage(browser, {}, async (page) => {
  const { kinds, enter } = people[1];
  await enter(page);
  await kinds["a form in error"](page);
  const alert = page.getByRole("alert");
  assert.ok(await alert.evaluate((element) => element === document.activeElement));
  await alert.getByRole("link").first().click();
  const field = page.getByLabel("Projects", { exact: true });
  assert.ok(await field.evaluate((element) => element === document.activeElement));
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const described = await field.evaluate((element) => element.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id)?.textContent ?? "missing"));
  assert.ok(described.some((text) => text.startsWith("✗")) && !described.includes("missing"), described.join("|"));
  assert.equal(await field.inputValue(), "no/such!name");
}));

const shown = ["home", "search results", "a project", "a yanked version"];

test("whoever wants no motion sees none", () => withPage(browser, { reducedMotion: "reduce" }, async (page) => {
  for (const kind of shown) {
    await people[0].kinds[kind](page);
    const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return style.transitionDuration !== "0s" || style.animationName !== "none" || style.scrollBehavior !== "auto";
    }).map((element) => element.tagName));
    assert.deepEqual(moving, [], kind);
  }
}));

// unseen goes through a page by Tab and notes what has the focus without showing it.
async function unseen(page) {
  await fromTheTop(page);
  const count = await page.locator("a[href], button, input, select, summary, [tabindex='0']").count();
  const hidden = [];
  for (let i = 0; i < Math.min(count, 60); i++) {
    await page.keyboard.press("Tab");
    const fault = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body) return "";
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const { width, height, right, bottom } = element.getBoundingClientRect();
      const there = width > 0 && height > 0 && right > 0 && bottom > 0;
      return there && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 ? "" : `${element.outerHTML.slice(0, 80)}: ${outlineStyle} ${outlineWidth}`;
    });
    if (fault) hidden.push(fault);
  }
  return hidden;
}

for (const [name, options] of [["the focus shows", {}], ["the focus and edges show in forced colours", { forcedColors: "active" }]]) {
  test(name, () => withPage(browser, options, async (page) => {
    for (const kind of shown) {
      await people[0].kinds[kind](page);
      assert.deepEqual(await unseen(page), [], kind);
      // A checkbox is drawn by the system, edges and all.
      const edgeless = await page.evaluate(() => [...document.querySelectorAll("main button, main input:not([type=hidden], [type=checkbox]), main select, main .choices a, main .chip, main .banner")].filter((element) => {
        const { borderLeftStyle, borderLeftWidth } = getComputedStyle(element);
        return borderLeftStyle === "none" || parseFloat(borderLeftWidth) < 1;
      }).map((element) => element.outerHTML.slice(0, 80)));
      assert.deepEqual(edgeless, [], kind);
    }
  }));
}

test("what is pressed on a touch screen is 44 px high", () => withPage(browser, { hasTouch: true, isMobile: true, viewport: { width: 360, height: 800 } }, async (page) => {
  for (const kind of shown) {
    await people[0].kinds[kind](page);
    const low = await page.evaluate(() => [...document.querySelectorAll("button, .button, select, input:not([type=hidden], [type=checkbox]), .choices a, .chip")]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44).map((element) => element.outerHTML.slice(0, 80)));
    assert.deepEqual(low, [], kind);
  }
}));
