// A server of this machine that does what a test says.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ClientOptions, TrunkClient } from '@pgtrunk/client';

/** What a client sent, and how to answer it. */
export class Exchange {
  #body: Promise<Buffer> | undefined;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    /** Which request this is, beginning with 1. */
    readonly number: number,
  ) {}

  get path(): string {
    return this.request.url ?? '';
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join() : value;
  }

  body(): Promise<Buffer> {
    this.#body ??= (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of this.request) {
        pieces.push(piece);
      }
      return Buffer.concat(pieces);
    })();
    return this.#body;
  }

  answer(status: number, body: string | Buffer = '', headers: Record<string, string> = {}): void {
    this.response.writeHead(status, headers).end(body);
  }

  json(body: unknown, status = 200): void {
    this.answer(status, JSON.stringify(body), { 'Content-Type': 'application/json' });
  }

  problem(status: number, code: string, more: object = {}, headers: Record<string, string> = {}): void {
    const problem = { type: `/problems/${code}`, title: 'T', status, code, detail: 'D.', instance: 'i', ...more };
    this.answer(status, JSON.stringify(problem), { 'Content-Type': 'application/problem+json', ...headers });
  }

  /** Ends the connection without another word. */
  drop(): void {
    this.request.socket.destroy();
  }
}

export interface Server {
  url: string;
  exchanges: Exchange[];
  close(): Promise<void>;
}

export async function serve(t: TestContext, answer: (exchange: Exchange) => unknown): Promise<Server> {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    const exchange = new Exchange(request, response, exchanges.length + 1);
    exchanges.push(exchange);
    answer(exchange);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  t.after(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, exchanges, close };
}

/** A client that waits but for a moment between attempts, and has no token. */
export function connect(server: Server, options: ClientOptions = {}): TrunkClient {
  return new TrunkClient(server.url, { token: '', retry: { base: 0.001 }, ...options });
}

export async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'trunk-test-'));
  t.after(() => rm(made, { recursive: true }));
  return made;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
