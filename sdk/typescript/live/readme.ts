// Runs every example of the README as its reader would: as a program in this folder, with the package that is installed.
//
// Usage: readme.js README.md COMPILER
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';

const EXPECTED = [
  'pgvector 0.8',
  'Successfully published extension ',
  'installers in 30 days',
  'go on at ',
  'there is no build for that: ',
  'pg_cron ',
];

const [, , readme = '', compiler = ''] = process.argv;
const { TRUNK_REGISTRY_URL: url, TRUNK_SCENARIO_PROJECT: project, TRUNK_SCENARIO_ARCHIVE: archive } = process.env;
assert.ok(url && project && archive, 'there is no registry to try: tools/sdk/run typescript');

function run(...command: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  assert.equal(status, 0, `${command.join(' ')}\n${stdout}${stderr}`);
  assert.equal(stderr, '');
  return stdout;
}

const examples = [...(await readFile(readme, 'utf8')).matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code ?? '');
assert.ok(examples.length >= 9, `${examples.length}`);
await copyFile(archive, 'my_extension-1.0.0-pg17.tar.gz');
const programs = await Promise.all(
  examples.map(async (example, number) => {
    let program = example.replaceAll("'my_extension'", `'${project}'`);
    if (!example.includes('const client =')) {
      const imported = /^import .*\bTrunkClient\b/m.test(program)
        ? ''
        : "import { TrunkClient } from '@pgtrunk/client';\n";
      program = `${imported}const client = new TrunkClient('http://localhost:8080');\n${program}`;
    }
    const file = `example${number}.ts`;
    await writeFile(file, program.replaceAll('http://localhost:8080', url));
    return file;
  }),
);
const options = '--strict --target es2022 --module nodenext --skipLibCheck false --lib es2022,dom,dom.iterable';
run(compiler, ...options.split(' '), ...programs);
let said = '';
for (const program of programs) {
  const start = performance.now();
  said += run(program.replace(/ts$/, 'js'));
  console.log(`README of typescript: ${program} ${Math.round(performance.now() - start)} ms`);
}
for (const text of EXPECTED) {
  assert.ok(said.includes(text), `the examples do not say ${JSON.stringify(text)}:\n${said}`);
}
assert.ok((await stat('pgvector.tar.gz')).size > 0);
