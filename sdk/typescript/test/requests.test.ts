// Answers, faults and attempts.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { isProblem, NetworkError, RequestTimeout, TrunkClient, TrunkError, VERSION } from '@pgtrunk/client';
import { retryAfter } from '../dist/errors.js';
import { delay } from '../dist/retry.js';
import { connect, serve } from './server.js';

async function thrown(call: Promise<unknown>): Promise<TrunkError> {
  const error = await call.then(
    () => assert.fail('it gave a result'),
    (fault: unknown) => fault,
  );
  assert.ok(error instanceof TrunkError, String(error));
  return error;
}

test('the version is that of the contract', async () => {
  const contract = await readFile(new URL('../../../openapi.yaml', import.meta.url), 'utf8');
  assert.equal(VERSION, /^ {2}version: (\S+)$/m.exec(contract)?.[1]);
  const metadata: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  assert.equal((metadata as { version: string }).version, VERSION);
});

test('headers', async (t) => {
  const server = await serve(t, (exchange) => exchange.json([]));
  process.env['TRUNK_API_TOKEN'] = 'of the environment';
  t.after(() => delete process.env['TRUNK_API_TOKEN']);
  await new TrunkClient(server.url).projects();
  await new TrunkClient(`${server.url}/`, { token: 'mine', userAgent: 'builder/2.1' }).projects();
  await new TrunkClient(server.url, { token: '' }).api.listProjects();
  assert.deepEqual(
    server.exchanges.map((exchange) => exchange.header('Authorization')),
    ['Bearer of the environment', 'Bearer mine', undefined],
  );
  assert.deepEqual(
    server.exchanges.map((exchange) => exchange.header('User-Agent')),
    [`pgtrunk-typescript/${VERSION}`, `builder/2.1 pgtrunk-typescript/${VERSION}`, `pgtrunk-typescript/${VERSION}`],
  );
  assert.deepEqual(
    server.exchanges.map((exchange) => exchange.path),
    Array(3).fill('/api/v1/trunk-projects'),
  );
});

test('the token is not shown', async () => {
  const { inspect } = await import('node:util');
  const client = new TrunkClient('http://localhost:1', { token: 'secret' });
  assert.doesNotMatch(inspect(client, { depth: 10, showHidden: true }) + JSON.stringify(client), /secret/);
});

test('wrong base URLs are refused', () => {
  for (const url of ['localhost:8080', 'ftp://example.org', 'https://', 'https://example.org/?q=1', '']) {
    assert.throws(() => new TrunkClient(url), /address of a registry/);
  }
});

test('names cannot lead elsewhere', async (t) => {
  const server = await serve(t, (exchange) => exchange.json([]));
  for (const name of ['', '.', '..']) {
    await assert.rejects(async () => connect(server).project(name), /cannot be part of an address/);
  }
  await connect(server).project('a/../b?c');
  assert.deepEqual(
    server.exchanges.map((exchange) => exchange.path),
    ['/api/v1/trunk-projects/a%2F..%2Fb%3Fc'],
  );
});

test('a problem has its code', async (t) => {
  const errors = [{ pointer: '/vers', detail: 'Not a version.' }];
  const server = await serve(t, (exchange) => exchange.problem(422, 'metadata_invalid', { errors }));
  const error = await thrown(connect(server).me());
  assert.ok(isProblem(error, 'metadata_invalid'));
  assert.ok(isProblem(error));
  assert.ok(!isProblem(error, 'version_invalid'));
  assert.deepEqual(
    [error.status, error.code, error.title, error.detail, error.requestId, error.errors],
    [422, 'metadata_invalid', 'T', 'D.', 'i', errors],
  );
  assert.equal(error.message, 'D.\n  /vers: Not a version. [metadata_invalid, HTTP 422, request i]');
  assert.deepEqual(await thrown(connect(server).api.getMe()), error);
});

test('an unknown code stays', async (t) => {
  const error = await thrown(connect(await serve(t, (exchange) => exchange.problem(418, 'later'))).me());
  assert.deepEqual([error.name, error.code, error.status], ['TrunkError', 'later', 418]);
});

test("a proxy's page has no code", async (t) => {
  const page = `<html>${'x'.repeat(1000)}`;
  for (const status of [200, 404]) {
    const server = await serve(t, (exchange) =>
      exchange.answer(status, page, { 'Content-Type': 'text/html; charset=utf-8', 'X-Request-Id': 'r' }),
    );
    const error = await thrown(connect(server).me());
    assert.deepEqual([error.name, error.code, error.status, error.requestId], ['TrunkError', null, status, 'r']);
    assert.equal(error.detail, page.slice(0, 500));
    assert.ok(!isProblem(error));
  }
});

test('pages are had by who asks for them', async (t) => {
  const server = await serve(t, (exchange) => exchange.answer(200, '<html>', { 'Content-Type': 'text/html' }));
  assert.equal(await connect(server).api.getReadingPage({ headers: { Accept: 'text/html' } }), '<html>');
});

test('an answer that is no document is told of', async (t) => {
  for (const [body, kind] of [
    ['Welcome to the lobby.', 'text/plain'],
    ['[{', 'application/json'],
    ['', 'application/octet-stream'],
  ] as const) {
    const server = await serve(t, (exchange) => exchange.answer(200, body, { 'Content-Type': kind }));
    assert.match((await thrown(connect(server).projects())).detail, /not what a Trunk Registry sends/);
  }
});

test('busy is asked again', async (t) => {
  const server = await serve(t, (exchange) => {
    const status = [429, 502, 503][exchange.number - 1];
    status ? exchange.problem(status, 'overloaded', {}, { 'Retry-After': '0' }) : exchange.json([]);
  });
  assert.deepEqual(await connect(server).projects(), []);
  assert.equal(server.exchanges.length, 4);
});

test('attempts end', async (t) => {
  for (const [retry, asked] of [
    [0, 1],
    [{ retries: 3, base: 0.001 }, 4],
  ] as const) {
    const server = await serve(t, (exchange) => exchange.problem(503, 'draining'));
    assert.ok(isProblem(await thrown(connect(server, { retry }).projects()), 'draining'));
    assert.equal(server.exchanges.length, asked);
  }
});

test('what is not safe is not repeated', async (t) => {
  const server = await serve(t, (exchange) => exchange.problem(503, 'overloaded'));
  await thrown(connect(server).createToken('CI'));
  await thrown(connect(server).inviteOwner('pgmq', 'bob'));
  assert.equal(server.exchanges.length, 2);
});

test('withdrawing is safe to repeat', async (t) => {
  const bodies: unknown[] = [];
  const server = await serve(t, async (exchange) => {
    bodies.push(JSON.parse(String(await exchange.body())));
    exchange.number === 1
      ? exchange.problem(503, 'overloaded')
      : exchange.json({ name: 'pgmq', version: '1.0.0', yanked: null });
  });
  assert.equal((await connect(server).yank('pgmq', '1.0.0', 'Loses data.')).yanked, null);
  assert.deepEqual(bodies, Array(2).fill({ reason: 'Loses data.' }));
  assert.equal(server.exchanges[0]?.header('Content-Type'), 'application/json');
});

test('a long Retry-After is told at once', async (t) => {
  const server = await serve(t, (exchange) => exchange.problem(429, 'rate_limited', {}, { 'Retry-After': '61' }));
  const error = await thrown(connect(server).projects());
  assert.deepEqual([error.code, error.retryAfter, server.exchanges.length], ['rate_limited', 61, 1]);
});

test('Retry-After in seconds and as a date', () => {
  const now = Date.UTC(2026, 10, 26, 8, 0);
  assert.equal(retryAfter('5', now), 5);
  assert.equal(retryAfter('Thu, 26 Nov 2026 08:00:30 GMT', now), 30);
  assert.equal(retryAfter('Thu, 26 Nov 2026 07:00:00 GMT', now), 0);
  for (const wrong of ['soon', '-5', '', ' ', '1.5', null]) {
    assert.equal(retryAfter(wrong, now), null);
  }
});

test('delays', () => {
  const longest = { retries: 9, random: () => 1 };
  const busy = new TrunkError({ detail: '', status: 503 });
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempt) => delay(longest, attempt, busy));
  assert.deepEqual(waits, [0.25, 0.5, 1, 2, 4, 8, 8, 8, 8]);
  assert.equal(delay(longest, 10, busy), null);
  assert.equal(delay(longest, 1, new TrunkError({ detail: '', status: 503, retryAfter: 60 })), 60);
  assert.equal(delay(longest, 1, new NetworkError({ detail: '' })), 0.25);
  assert.equal(delay({}, 4, busy), null);
  for (const final of [
    new TrunkError({ detail: '', status: 500 }),
    new TrunkError({ detail: '' }),
    new RequestTimeout({ detail: '' }),
    new TypeError('x'),
  ]) {
    assert.equal(delay(longest, 1, final), null);
  }
});

test('a broken connection is tried again', async (t) => {
  const server = await serve(t, (exchange) => (exchange.number === 1 ? exchange.drop() : exchange.json([])));
  assert.deepEqual(await connect(server).projects(), []);
  assert.equal(server.exchanges.length, 2);
});

test('nobody is there', async (t) => {
  const server = await serve(t, (exchange) => exchange.json([]));
  await server.close();
  const error = await thrown(connect(server).projects());
  assert.ok(error instanceof NetworkError);
  assert.match(error.message, new RegExp(`^${server.url}/api/v1/trunk-projects: .*ECONNREFUSED`));
});

test('a silent registry', async (t) => {
  const server = await serve(t, () => {});
  assert.ok((await thrown(connect(server).projects({ timeout: 0.1 }))) instanceof RequestTimeout);
  assert.ok((await thrown(connect(server, { timeout: 0.1 }).api.listProjects())) instanceof RequestTimeout);
  assert.equal(server.exchanges.length, 2);
});

test('a registry that falls silent within an answer', async (t) => {
  const server = await serve(t, (exchange) => {
    exchange.response.writeHead(200, { 'Content-Type': 'application/json' });
    exchange.response.write('[');
  });
  assert.ok((await thrown(connect(server, { timeout: 0.1 }).projects())) instanceof RequestTimeout);
});

test('a signal ends calls and waits at once, with its reason', async (t) => {
  const reason = new Error('enough');
  const controller = new AbortController();
  const server = await serve(t, (exchange) => {
    if (exchange.path.includes('trunk-projects')) {
      exchange.problem(503, 'draining', {}, { 'Retry-After': '50' });
    } else if (server.exchanges.length === 3) {
      controller.abort(reason);
    }
  });
  const signal = controller.signal;
  const client = connect(server);
  const calls = [client.projects({ signal }), client.me({ signal }), client.api.getMe({ signal })];
  for (const ended of await Promise.allSettled(calls)) {
    assert.equal(ended.status === 'rejected' && ended.reason, reason);
  }
  await assert.rejects(client.projects({ signal }), reason);
  assert.equal(server.exchanges.length, 3);
});

test('pages', async (t) => {
  const server = await serve(t, (exchange) =>
    exchange.json({
      items: [{ project: `p${exchange.number}` }],
      next_cursor: exchange.path.includes('cursor=two') ? null : 'two',
    }),
  );
  const { api, paginate } = connect(server);
  const projects: string[] = [];
  for await (const { project } of paginate((cursor) => api.listMyInvitations({ query: { limit: 1, cursor } }))) {
    projects.push(project);
  }
  assert.deepEqual(projects, ['p1', 'p2']);
  assert.deepEqual(
    server.exchanges.map((exchange) => exchange.path.split('?')[1]),
    ['limit=1', 'limit=1&cursor=two'],
  );
});

test('events end with the latest', async (t) => {
  const server = await serve(t, (exchange) =>
    exchange.json(exchange.number === 1 ? { items: [{ sequence: 8 }], next: 9 } : { items: [], next: 9 }),
  );
  const seen: number[] = [];
  for await (const event of connect(server).events(7, { kind: 'published' })) {
    seen.push(event.sequence);
  }
  assert.deepEqual(seen, [8]);
  assert.deepEqual(
    server.exchanges.map((exchange) => exchange.path.split('?')[1]),
    ['since=7&limit=1000&kind=published', 'since=9&limit=1000&kind=published'],
  );
});
