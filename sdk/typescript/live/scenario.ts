// What each client library has to do with a registry, step by step; the same in all languages. The settings come from the
// environment (tools/sdk/run).
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DigestMismatch,
  isProblem,
  type Metadata,
  type ProblemCode,
  RequestTimeout,
  type Resolved,
  TrunkClient,
} from '@pgtrunk/client';

function setting(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: tools/sdk/run typescript`);
  return value;
}

const url = setting('TRUNK_REGISTRY_URL');
const trouble = setting('TRUNK_TROUBLE_URL');
const name = setting('TRUNK_SCENARIO_PROJECT');
const archive = setting('TRUNK_SCENARIO_ARCHIVE');
const folder = await mkdtemp(join(tmpdir(), 'trunk-'));
const metadata: Metadata = {
  name,
  vers: '1.0.0',
  description: 'Tried by the TypeScript client',
  license: 'PostgreSQL',
};
const client = new TrunkClient(url);
let build: Resolved;

async function refused(call: Promise<unknown>, status: number, code: ProblemCode): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(isProblem(error, code), String(error));
    assert.equal(error.status, status);
    assert.ok(error.detail);
    assert.ok(error.requestId);
    return true;
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 30_000;
  while (!(await condition())) {
    assert.ok(performance.now() < end, 'it did not come about within 30 s');
    await sleep(50);
  }
}

const steps: Record<string, () => Promise<void>> = {
  async publish() {
    assert.match(await client.publish(metadata, archive), new RegExp(name));
  },

  async 'publish again'() {
    await client.publish(metadata, createReadStream(archive));
  },

  async 'other bytes'() {
    await refused(client.publish(metadata, setting('TRUNK_SCENARIO_OTHER_ARCHIVE')), 409, 'artefact_exists');
  },

  async search() {
    const names = new Set<string>();
    for await (const item of client.search('', { pageSize: 50 })) {
      assert.ok(!names.has(item.name), `${item.name} came twice`);
      names.add(item.name);
    }
    const { total } = await client.api.search();
    assert.equal(names.size, total.value);
    assert.ok(total.value > 100);
    for await (const item of client.search(name)) {
      assert.equal(item.name, name);
      break;
    }
  },

  async resolve() {
    build = await client.resolve(name, 17);
    assert.deepEqual(
      [build.project, build.version, build.pg_version, build.platform],
      [name, '1.0.0', 17, 'linux/amd64'],
    );
    assert.match(build.sha256, /^[0-9a-f]{64}$/);
    await refused(client.resolve(name, 14), 404, 'artefact_unknown');
  },

  async download() {
    const path = join(folder, 'archive.tar.gz');
    const published = await readFile(archive);
    await client.download(build, path);
    assert.ok(published.equals(await readFile(path)));
    await rm(path);
    const inMemory = await client.fetchArchive(build);
    assert.ok(published.equals(Buffer.from(await inMemory.arrayBuffer())));
  },

  async tampered() {
    const tampered = new TrunkClient(`${trouble}/tampers`);
    const found = await tampered.resolve(name, 17);
    await assert.rejects(tampered.download(found, join(folder, 'archive.tar.gz')), (error) => {
      assert.ok(error instanceof DigestMismatch, String(error));
      assert.equal(error.expected, build.sha256);
      assert.notEqual(error.actual, build.sha256);
      return true;
    });
    assert.deepEqual(await readdir(folder), []);
  },

  async statistics() {
    await until(async () => (await client.stats(name)).downloads.total >= 1);
  },

  async follow() {
    const address = 'sdk-typescript@example.org';
    const asked = await client.follow(name, address, { pg_version: 17 });
    assert.ok('expires_in' in asked, JSON.stringify(asked));
    await until(async () => {
      const letters: { to: string[]; text: string }[] = await (
        await fetch(`${setting('TRUNK_MAIL_URL')}/messages`)
      ).json();
      return letters.some(({ to, text }) => to.includes(address) && text.includes(name));
    });
  },

  async yank() {
    const reason = 'It was a trial.';
    assert.equal((await client.yank(name, '1.0.0', reason)).yanked?.reason, reason);
    assert.equal((await client.version(name, '1.0.0'))?.yanked_reason, reason);
    assert.equal((await client.unyank(name, '1.0.0')).yanked, null);
  },

  async scope() {
    const narrow = new TrunkClient(url, { token: setting('TRUNK_NARROW_TOKEN') });
    await refused(narrow.yank(name, '1.0.0', 'It may not.'), 403, 'scope_missing');
  },

  async unavailable() {
    const start = performance.now();
    const versions = await new TrunkClient(`${trouble}/unavailable/typescript`).project(name);
    assert.equal(versions.length, 1);
    // Timers may be a little early.
    assert.ok(performance.now() - start >= 1990, `${performance.now() - start} ms`);
  },

  async hangs() {
    const silent = new TrunkClient(`${trouble}/hangs`);
    let start = performance.now();
    await assert.rejects(silent.project(name, { timeout: 1 }), RequestTimeout);
    assert.ok(performance.now() - start < 3000);
    const controller = new AbortController();
    const call = silent.project(name, { signal: controller.signal });
    await sleep(50);
    start = performance.now();
    controller.abort();
    await assert.rejects(call, { name: 'AbortError' });
    assert.ok(performance.now() - start < 500);
  },
};

const begin = performance.now();
try {
  for (const [step, run] of Object.entries(steps)) {
    const start = performance.now();
    await run();
    console.log(`scenario typescript: ${step} ${Math.round(performance.now() - start)} ms`);
  }
} finally {
  await rm(folder, { recursive: true });
}
console.log(`scenario typescript: passed in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
