import { NetworkError, RequestTimeout, TrunkError } from './errors.js';

/** How often a request is sent again that is safe to repeat, and when. Times are in seconds. */
export interface Retry {
  /** How often at most, after the first attempt; 3 by default, and 0 for never. */
  retries?: number;
  /** The longest wait before the second attempt; it doubles with each. 0.25 by default. */
  base?: number;
  /** The longest wait before any attempt; 8 by default. */
  cap?: number;
  /** The longest `Retry-After` that is waited for; 60 by default. An error that asks for more is given at once. */
  patience?: number;
  /** A random number from 0 up to 1, of which the waits are made; `Math.random` by default. */
  random?: () => number;
}

const BUSY = new Set([429, 502, 503, 504]);

/** The seconds to wait before the attempt after the one with this number, which begins with 1; null where it is the last. */
export function delay(retry: Retry, attempt: number, error: unknown): number | null {
  if (attempt > (retry.retries ?? 3) || !(error instanceof TrunkError) || error instanceof RequestTimeout) {
    return null;
  }
  if (!(error instanceof NetworkError) && !BUSY.has(error.status)) {
    return null;
  }
  const asked = error.retryAfter ?? 0;
  if (asked > (retry.patience ?? 60)) {
    return null;
  }
  const longest = Math.min((retry.base ?? 0.25) * 2 ** (attempt - 1), retry.cap ?? 8);
  return Math.max(asked, longest * (retry.random ?? Math.random)());
}

/** Waits, unless the signal ends it. */
export function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const ended = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', ended);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener('abort', ended, { once: true });
  });
}
