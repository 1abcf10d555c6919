// Archives, up and down.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  type Archive,
  DigestMismatch,
  DownloadTooLarge,
  isProblem,
  type Metadata,
  NetworkError,
  type Resolved,
  TrunkError,
} from '@pgtrunk/client';
import { connect, type Exchange, folder, type Server, serve, sha256 } from './server.js';

const ARCHIVE = randomBytes(300_000);
const METADATA: Metadata = { name: 'pgmq', vers: '1.0.0', license: 'Apache-2.0' };
const PATH = '/api/v1/trunk-projects/pgmq/version/1.0.0/artefacts/pgmq.tar.gz';

function build(archive: Uint8Array = ARCHIVE): Resolved {
  const link = `https://elsewhere.example.org${PATH}`;
  return { project: 'pgmq', version: '1.0.0', pg_version: 17, platform: 'linux/amd64', link, sha256: sha256(archive) };
}

/** A registry that takes the body of each request, is busy for the first, and takes the second. */
function busyOnce(t: TestContext): Promise<Server> {
  return serve(t, async (exchange) => {
    await exchange.body();
    exchange.number === 1
      ? exchange.problem(503, 'overloaded')
      : exchange.answer(200, 'Successfully published\n', { 'Content-Type': 'text/plain' });
  });
}

async function published(exchange: Exchange): Promise<Buffer> {
  const form = await new Response(new Uint8Array(await exchange.body()), {
    headers: { 'Content-Type': exchange.header('Content-Type') ?? '' },
  }).formData();
  const [[metadata, said], [file, archive]] = [...form.entries()] as [[string, Blob | string], [string, Blob]];
  assert.deepEqual([metadata, file], ['metadata', 'file']);
  assert.deepEqual(JSON.parse(typeof said === 'string' ? said : await said.text()), METADATA);
  assert.equal(archive.type, 'application/gzip');
  return Buffer.from(await archive.arrayBuffer());
}

test('an archive from a path or a Blob is sent again', async (t) => {
  const path = join(await folder(t), 'a.tar.gz');
  await writeFile(path, ARCHIVE);
  for (const archive of [path, pathToFileURL(path), new Blob([ARCHIVE])]) {
    const server = await busyOnce(t);
    assert.equal(await connect(server).publish(METADATA, archive), 'Successfully published');
    assert.equal(server.exchanges.length, 2);
    for (const exchange of server.exchanges) {
      assert.ok(ARCHIVE.equals(await published(exchange)));
      assert.equal(Number(exchange.header('Content-Length')), (await exchange.body()).length);
    }
  }
});

test('an archive from a stream is sent once', async (t) => {
  const path = join(await folder(t), 'a.tar.gz');
  await writeFile(path, ARCHIVE);
  const streams: Archive[] = [createReadStream(path), new Blob([ARCHIVE]).stream()];
  for (const archive of streams) {
    const server = await busyOnce(t);
    await assert.rejects(connect(server).publish(METADATA, archive), (error) => isProblem(error, 'overloaded'));
    assert.equal(server.exchanges.length, 1);
    const [exchange] = server.exchanges;
    assert.ok(exchange && ARCHIVE.equals(await published(exchange)));
    assert.equal(exchange.header('Transfer-Encoding'), 'chunked');
  }
});

test('what cannot be read is told of as it is', async (t) => {
  const server = await busyOnce(t);
  const path = join(await folder(t), 'a.tar.gz');
  await assert.rejects(connect(server).publish(METADATA, path), { code: 'ENOENT' });
  const text = (async function* () {
    yield 'text' as unknown as Uint8Array;
  })();
  await assert.rejects(connect(server).publish(METADATA, text), /read as bytes, not as string/);
});

test('a refusal is told of that comes before the archive was sent', async (t) => {
  const server = await serve(t, (exchange) => exchange.problem(403, 'scope_missing', {}, { Connection: 'close' }));
  const path = join(await folder(t), 'a.tar.gz');
  await sparse(path, 64 << 20);
  await assert.rejects(connect(server).publish(METADATA, path), (error) => isProblem(error, 'scope_missing'));
  assert.equal(server.exchanges.length, 1);
});

async function sparse(path: string, size: number): Promise<void> {
  const file = await open(path, 'w');
  await file.truncate(size);
  await file.close();
}

test('memory does not grow with an upload', async (t) => {
  const size = 256 << 20;
  let received = 0;
  let most = 0;
  const before = process.memoryUsage().rss;
  const server = await serve(t, async (exchange) => {
    for await (const piece of exchange.request) {
      received += piece.length;
      most = Math.max(most, process.memoryUsage.rss());
    }
    exchange.answer(200, 'ok', { 'Content-Type': 'text/plain' });
  });
  const path = join(await folder(t), 'a.tar.gz');
  await sparse(path, size);
  await connect(server).publish(METADATA, path);
  assert.ok(received > size);
  assert.ok(most - before < size / 2, `${(most - before) >> 20} MB`);
});

test('the token stays at its origin', async (t) => {
  const store = await serve(t, (exchange) => exchange.answer(200, ARCHIVE));
  const registry = await serve(t, (exchange) =>
    exchange.answer(302, '', { Location: `${store.url}/object?signature=1` }),
  );
  const into = await folder(t);
  await connect(registry, { token: 'secret' }).download(build(), join(into, 'a.tar.gz'));
  assert.ok(ARCHIVE.equals(await readFile(join(into, 'a.tar.gz'))));
  assert.deepEqual(await readdir(into), ['a.tar.gz']);
  assert.equal(registry.exchanges[0]?.path, PATH);
  assert.equal(registry.exchanges[0]?.header('Authorization'), 'Bearer secret');
  assert.equal(store.exchanges[0]?.path, '/object?signature=1');
  assert.equal(store.exchanges[0]?.header('Authorization'), undefined);
  assert.equal(store.exchanges[0]?.header('Accept-Encoding'), 'identity');
});

test('other bytes are not kept', async (t) => {
  const into = await folder(t);
  const other = Buffer.concat([ARCHIVE, Buffer.from('!')]);
  const server = await serve(t, (exchange) => exchange.answer(200, other));
  await writeFile(join(into, 'a.tar.gz'), 'what was there');
  const calls: (() => Promise<unknown>)[] = [
    () => connect(server).download(build(), join(into, 'a.tar.gz')),
    () => connect(server).fetchArchive(build()),
  ];
  for (const call of calls) {
    await assert.rejects(call(), (error) => error instanceof DigestMismatch && error.actual === sha256(other));
  }
  assert.equal(await readFile(join(into, 'a.tar.gz'), 'utf8'), 'what was there');
  assert.deepEqual(await readdir(into), ['a.tar.gz']);
  assert.equal(server.exchanges.length, 2);
});

test('a download that breaks off begins anew', async (t) => {
  const into = await folder(t);
  const server = await serve(t, (exchange) => {
    if (exchange.number % 2 === 0) {
      exchange.answer(200, ARCHIVE);
      return;
    }
    exchange.response.writeHead(200, { 'Content-Length': ARCHIVE.length });
    exchange.response.write(ARCHIVE.subarray(0, 1000), () => exchange.drop());
  });
  await connect(server).download(build(), join(into, 'a.tar.gz'));
  assert.ok(ARCHIVE.equals(await readFile(join(into, 'a.tar.gz'))));
  assert.ok(ARCHIVE.equals(Buffer.from(await (await connect(server).fetchArchive(build())).arrayBuffer())));
  assert.equal(server.exchanges.length, 4);
});

test('a download that always breaks off leaves nothing', async (t) => {
  const into = await folder(t);
  const server = await serve(t, (exchange) => {
    exchange.response.writeHead(200, { 'Content-Length': ARCHIVE.length });
    exchange.response.write(ARCHIVE.subarray(0, 1000), () => exchange.drop());
  });
  await assert.rejects(connect(server).download(build(), join(into, 'a.tar.gz')), NetworkError);
  assert.deepEqual(await readdir(into), []);
  assert.equal(server.exchanges.length, 4);
});

test('a limit', async (t) => {
  const into = await folder(t);
  const client = connect(await serve(t, (exchange) => exchange.answer(200, ARCHIVE)));
  const path = join(into, 'a.tar.gz');
  await assert.rejects(client.download(build(), path, { maxBytes: ARCHIVE.length - 1 }), DownloadTooLarge);
  assert.deepEqual(await readdir(into), []);
  await client.download(build(), path, { maxBytes: ARCHIVE.length });
  assert.equal((await stat(path)).size, ARCHIVE.length);
});

test("the store's refusal", async (t) => {
  const into = await folder(t);
  const server = await serve(t, (exchange) =>
    exchange.answer(403, `<Error>${'x'.repeat(100_000)}`, { 'Content-Type': 'application/xml' }),
  );
  await assert.rejects(connect(server).download(build(), join(into, 'a.tar.gz')), (error) => {
    assert.ok(error instanceof TrunkError);
    assert.deepEqual([error.status, error.code, error.detail.length], [403, null, 500]);
    return true;
  });
  assert.deepEqual(await readdir(into), []);
});

test('a folder is no file', async (t) => {
  const server = await serve(t, (exchange) => exchange.answer(200, ARCHIVE));
  await assert.rejects(connect(server).download(build(), await folder(t)), /is a folder/);
  assert.equal(server.exchanges.length, 0);
});

test('a download that is ended leaves nothing', async (t) => {
  const into = await folder(t);
  const controller = new AbortController();
  const server = await serve(t, (exchange) => {
    exchange.response.writeHead(200, { 'Content-Length': ARCHIVE.length + 1 });
    exchange.response.write(ARCHIVE);
  });
  const call = connect(server).download(build(), join(into, 'a.tar.gz'), { signal: controller.signal });
  const written = async () => {
    const [file] = await readdir(into);
    return file !== undefined && (await stat(join(into, file))).size > 200_000;
  };
  const waited = (async () => {
    while (!(await written())) {
      await new Promise(setImmediate);
    }
    controller.abort();
  })();
  await assert.rejects(call, { name: 'AbortError' });
  await waited;
  assert.deepEqual(await readdir(into), []);
});

test('addresses that are no archives are refused', async (t) => {
  const server = await serve(t, (exchange) => exchange.answer(200, 'OK', { 'Content-Type': 'text/plain' }));
  await assert.rejects(connect(server).resolve('pgmq', 17), /"OK" is not the address of an archive/);
});
