// The registry that is tested, and how to bring about what pages are to show.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const address = process.env.TRUNK_REGISTRY_URL;
export const ownerToken = process.env.TRUNK_API_TOKEN;

// call asks the API and fails on an answer that is not the one expected.
export async function call(method, path, { token = ownerToken, json, body, expect = [200, 201, 202, 204] } = {}) {
  const headers = { authorization: `Bearer ${token}` };
  if (json) headers["content-type"] = "application/json";
  const answer = await fetch(address + path, { method, headers, body: json ? JSON.stringify(json) : body });
  const text = await answer.text();
  if (!expect.includes(answer.status)) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text;
}

// withArchive makes a build as trunk does, and gives its path to whoever needs it.
export async function withArchive(name, version, { postgres = 17, readme, control = "relocatable = true\n" }, use) {
  const folder = mkdtempSync(join(tmpdir(), "archive-"));
  try {
    const files = {
      [`extension/${name}.control`]: `default_version = '1.0'\ncomment = 'for the browser'\n${control}`,
      [`extension/${name}--1.0.sql`]: "SELECT 1;\n",
      "README.md": readme ?? `# ${name}\n`,
    };
    files["manifest.json"] = JSON.stringify({
      name, extension_name: null, version, manifest_version: 2, sys: "linux", architecture: "x86_64", pg_version: postgres,
      files: { [`extension/${name}.control`]: { type: "control-file" }, [`extension/${name}--1.0.sql`]: { type: "sql-file" } },
    });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    execFileSync("tar", ["-czf", "archive.tar.gz", "--owner=0", "--group=0", ...Object.keys(files)], { cwd: folder });
    await use(join(folder, "archive.tar.gz"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// publish sends a build as every client does.
export const publish = (name, version, { description, ...build } = {}) => withArchive(name, version, build, async (archive) => {
  const form = new FormData();
  const metadata = { name, vers: version, description, license: "PostgreSQL", repository: "https://example.org/" + name, categories: ["orchestration"] };
  form.append("metadata", new Blob([JSON.stringify(metadata)], { type: "application/json" }));
  form.append("file", new Blob([readFileSync(archive)]), "archive.tar.gz");
  await call("POST", "/extensions/new", { body: form });
});
