// Pictures of the pages and of badges for the README: node screenshots.mjs FOLDER
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync, inflateSync } from "node:zlib";
import { launch, open, withPage } from "./lib/browser.mjs";
import { address, call, letters, links, publishAlmanac } from "./lib/registry.mjs";

const folder = process.argv[2];
const pictures = [
  { file: "home.png", path: "/", height: 760, colorScheme: "light" },
  { file: "search.png", path: "/search?q=vector+similarity&pg_version=17", height: 860, colorScheme: "light" },
  { file: "project.png", path: "/extensions/pgvector?pg_version=17", height: 940, colorScheme: "dark" },
];

// squeeze packs the pixels of a PNG as small as deflate can; browsers pack them fast.
function squeeze(png) {
  const chunks = [], pixels = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at), type = png.toString("latin1", at + 4, at + 8), data = png.subarray(at + 8, at + 8 + length);
    if (type === "IDAT") pixels.push(data); else chunks.push([type, data]);
    at += 12 + length;
  }
  chunks.splice(-1, 0, ["IDAT", deflateSync(inflateSync(Buffer.concat(pixels)), { level: 9, memLevel: 9 })]);
  return Buffer.concat([png.subarray(0, 8), ...chunks.map(([type, data]) => {
    const chunk = Buffer.alloc(12 + data.length);
    chunk.writeUInt32BE(data.length);
    chunk.write(type, 4, "latin1");
    data.copy(chunk, 8);
    chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), 8 + data.length);
    return chunk;
  })]);
}

// keep makes a picture of a page.
async function keep(page, file) {
  const png = squeeze(await page.screenshot({ caret: "hide" }));
  writeFileSync(join(folder, file), png);
  console.log(`${file}: ${png.length} bytes`);
}

const browser = await launch();
for (const { file, path, height, colorScheme } of pictures) {
  await withPage(browser, { viewport: { width: 1280, height }, colorScheme }, async (page) => {
    await open(page, path);
    await keep(page, file);
  });
}
// A letter, as who follows a project gets it.
await publishAlmanac("1.0.0");
await call("POST", "/api/v1/trunk-projects/almanac/subscriptions", { json: { email: "vera@example.org" } });
const [asked] = await letters("vera@example.org", "almanac");
await fetch(links(asked).find((link) => link.includes("/follow/confirm")), { method: "POST" });
await publishAlmanac("1.1.0");
const [letter] = await letters("vera@example.org", "1.1.0");
await withPage(browser, { viewport: { width: 720, height: 560 } }, async (page) => {
  await page.setContent(letter.html);
  await keep(page, "letter.png");
});
await browser.close();
// And the badges of a project, as they are.
for (const badge of ["version", "postgres", "platforms", "downloads"]) {
  const answer = await fetch(`${address}/badges/pgvector/${badge}.svg`);
  if (!answer.ok) throw new Error(`${badge}: ${answer.status}`);
  writeFileSync(join(folder, `badge-${badge}.svg`), await answer.text());
}
