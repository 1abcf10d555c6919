import { NetworkError, RequestTimeout, TrunkError } from './errors.js';

/** Gives up what makes no progress for a time, or what its caller has ended. */
export class Watchdog {
  readonly #controller = new AbortController();
  readonly #timeout: number;
  readonly #caller: AbortSignal | undefined;
  readonly #what: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  /** Watches a request to an address, by the seconds that it may be silent; 0 for ever. */
  constructor(what: string, timeout: number, caller: AbortSignal | undefined) {
    this.#what = what;
    this.#timeout = timeout;
    this.#caller = caller;
    if (caller?.aborted) {
      this.#controller.abort(caller.reason);
    }
    caller?.addEventListener('abort', this.#ended, { once: true });
  }

  readonly #ended = () => this.#controller.abort(this.#caller?.reason);

  /** What ends the request. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begins to wait anew. */
  readonly wait = (): void => {
    this.rest();
    if (this.#timeout > 0 && !this.#over) {
      this.#timer = setTimeout(() => {
        this.#controller.abort(new RequestTimeout({ detail: `${this.#what}: nothing came for ${this.#timeout} s.` }));
      }, this.#timeout * 1000);
    }
  };

  /** Waits for nothing. */
  readonly rest = (): void => clearTimeout(this.#timer);

  /** Gives up for a reason that is not the registry's. */
  readonly fail = (error: unknown): void => this.#controller.abort(error);

  /** Ends the watch. */
  readonly done = (): void => {
    this.#over = true;
    this.rest();
    this.#caller?.removeEventListener('abort', this.#ended);
  };

  /** Ends the watch after a fault, and gives what is to be thrown. */
  readonly fault = (error: unknown): unknown => {
    this.done();
    if (this.signal.aborted) {
      return this.signal.reason;
    }
    return error instanceof TrunkError
      ? error
      : new NetworkError({ detail: `${this.#what}: ${reason(error)}.`, cause: error });
  };

  /** A body of which each piece is waited for. */
  watched(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const reader = body.getReader();
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          this.wait();
          try {
            const { done, value } = await reader.read();
            this.rest();
            if (done) {
              this.done();
              controller.close();
            } else {
              controller.enqueue(value);
            }
          } catch (error) {
            throw this.fault(error);
          }
        },
        cancel: async (why) => {
          this.done();
          await reader.cancel(why);
        },
      },
      { highWaterMark: 0 },
    );
  }
}

/** What a platform says of a broken connection: Node has it in the cause. */
function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) {
    return String(cause);
  }
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}
