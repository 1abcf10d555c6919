import { faultOf, kindOf } from './errors.js';
import { delay, pause, type Retry } from './retry.js';
import { VERSION } from './version.js';
import { Watchdog } from './watchdog.js';

/** What every method takes. */
export interface CallOptions {
  /** Ends the call, waits between attempts included, with the reason of the signal. */
  signal?: AbortSignal;
  /** The timeout in seconds, in place of the client's. */
  timeout?: number;
}

/** What a call is besides. */
export interface Sending extends CallOptions {
  /** Whether it changes nothing more when it comes twice, though its method says otherwise. */
  repeat?: boolean;
}

/** What makes a request anew for each attempt. A body that is a stream tells the watchdog of each piece. */
export type Making = (watchdog: Watchdog) => RequestInit & { duplex?: 'half' };

const BODILESS = new Set(['GET', 'HEAD']);
const SAFE = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

/** How requests get to one registry: with the token, in time, and again where that is safe. */
export class Connection {
  readonly #token: string;
  readonly #fetch: typeof fetch;

  constructor(
    readonly baseUrl: string,
    token: string,
    readonly timeout: number,
    readonly retry: Retry,
    readonly userAgent: string,
    fetched: typeof fetch | undefined,
  ) {
    this.#token = token;
    this.#fetch = fetched ?? ((input, init) => globalThis.fetch(input, init));
  }

  /** A fetch for the generated operations, which knows how a call is meant. */
  fetch(sending: Sending = {}): typeof fetch {
    return async (input, init) => {
      const request = new Request(input, init);
      const signal = sending.signal ?? request.signal;
      const { url, method, headers } = request;
      const bytes = BODILESS.has(method) ? null : await request.arrayBuffer();
      const body = bytes?.byteLength ? bytes : null;
      return this.repeat(() => this.once(url, () => ({ method, headers, body }), { ...sending, signal }), {
        signal,
        safe: sending.repeat === true || SAFE.has(method),
      });
    };
  }

  /** Makes attempts until one succeeds, or there is no use in another. */
  async repeat<T>(attempt: () => Promise<T>, how: { signal: AbortSignal | undefined; safe: boolean }): Promise<T> {
    for (let number = 1; ; number++) {
      try {
        return await attempt();
      } catch (error) {
        const wait = how.safe && !how.signal?.aborted ? delay(this.retry, number, error) : null;
        if (wait === null) {
          throw error;
        }
        await pause(wait, how.signal);
      }
    }
  }

  /** Sends a request one time. Answers of 400 and above are thrown, and so are pages of HTML that nobody asked for. */
  async once(url: string, make: Making, sending: Sending): Promise<Response> {
    sending.signal?.throwIfAborted();
    const watchdog = new Watchdog(url, sending.timeout ?? this.timeout, sending.signal);
    const init = make(watchdog);
    const headers = this.#headers(init.headers);
    try {
      watchdog.wait();
      const response = await this.#fetch(url, { ...init, headers, signal: watchdog.signal });
      const answer = new Response(response.body && watchdog.watched(response.body), {
        status: response.status,
        statusText: response.statusText,
        headers: response.headers,
      });
      // A body is waited for when it is read.
      watchdog.rest();
      if (response.body === null) {
        watchdog.done();
      }
      if (answer.status >= 400 || (kindOf(answer) === 'text/html' && !headers.get('Accept')?.includes('text/html'))) {
        throw await faultOf(answer, Date.now());
      }
      return answer;
    } catch (error) {
      throw watchdog.fault(error);
    }
  }

  #headers(given: RequestInit['headers']): Headers {
    const headers = new Headers(given);
    if (!headers.has('Accept') || headers.get('Accept') === '*/*') {
      // JSON first: the routes of terminals would tell of faults as text.
      headers.set('Accept', 'application/json, text/plain;q=0.9, */*;q=0.8');
    }
    if (this.#token !== '' && !headers.has('Authorization')) {
      headers.set('Authorization', `Bearer ${this.#token}`);
    }
    if (!inBrowser()) {
      headers.set('User-Agent', this.userAgent);
    }
    return headers;
  }
}

/** Browsers send a User-Agent of their own, and some ask the registry's leave for another. */
export function inBrowser(): boolean {
  return globalThis.navigator?.userAgent?.startsWith('Mozilla/') ?? false;
}

/** The name and version of the client, after those of a program. */
export function userAgent(product: string | undefined): string {
  const own = `pgtrunk-typescript/${VERSION}`;
  return product ? `${product} ${own}` : own;
}

/** A variable of the environment, where there is one that may be read. */
export function environment(name: string): string {
  try {
    const process: { env?: Record<string, string | undefined> } | undefined = Reflect.get(globalThis, 'process');
    return process?.env?.[name] ?? '';
  } catch {
    return '';
  }
}

/** The base URL without slashes at its end. */
export function checkedBaseUrl(baseUrl: string | URL): string {
  const text = String(baseUrl);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:\/\//.test(text) || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new TypeError(`${JSON.stringify(text)} is not the address of a registry, such as https://example.org.`);
  }
  return text.replace(/\/+$/, '');
}
