import type { ProblemCode, ProblemField } from './generated/types.gen.js';

/** What is known of a fault. */
export interface Fault {
  status?: number;
  code?: string | null;
  title?: string;
  detail: string;
  requestId?: string | null;
  errors?: ProblemField[];
  retryAfter?: number | null;
  cause?: unknown;
}

/**
 * What went wrong: an answer of the registry (RFC 9457), or, in the classes that extend this one, why there is none.
 *
 * `code` says what is wrong and stays what it is; {@link isProblem} compares it. It is null where no registry answered, such as
 * a proxy with a page of its own. A registry that is newer than this package may send codes that are not in `ProblemCode`.
 */
export class TrunkError extends Error {
  override readonly name: string = 'TrunkError';
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** The name of the fault. */
  readonly code: ProblemCode | (string & {}) | null;
  /** The fault in a few words, the same for all with this code. */
  readonly title: string;
  /** What is wrong and what to do; the first 500 characters of an answer that is no problem. */
  readonly detail: string;
  /** What the registry's operators find the request by. */
  readonly requestId: string | null;
  /** What is wrong in a body, field by field. */
  readonly errors: readonly ProblemField[];
  /** How many seconds to wait before another attempt, where that was said. */
  readonly retryAfter: number | null;

  constructor(fault: Fault) {
    super(sentence(fault), fault.cause === undefined ? undefined : { cause: fault.cause });
    this.status = fault.status ?? 0;
    this.code = fault.code ?? null;
    this.title = fault.title ?? '';
    this.detail = fault.detail;
    this.requestId = fault.requestId ?? null;
    this.errors = fault.errors ?? [];
    this.retryAfter = fault.retryAfter ?? null;
  }
}

/** The registry could not be reached, or the connection broke. */
export class NetworkError extends TrunkError {
  override readonly name = 'NetworkError';
}

/** The registry was silent for longer than the timeout. */
export class RequestTimeout extends TrunkError {
  override readonly name = 'RequestTimeout';
}

/** An archive has other bytes than were published. Nothing of it was kept. */
export class DigestMismatch extends TrunkError {
  override readonly name = 'DigestMismatch';

  constructor(
    /** The SHA-256 that was published, in hex. */
    readonly expected: string,
    /** The SHA-256 of what came, in hex. */
    readonly actual: string,
  ) {
    super({
      detail: `The archive has the SHA-256 ${actual} instead of ${expected}. It was not kept: something on the way changes archives.`,
    });
  }
}

/** An archive is larger than was allowed. Nothing of it was kept. */
export class DownloadTooLarge extends TrunkError {
  override readonly name = 'DownloadTooLarge';

  constructor(
    /** How many bytes were allowed. */
    readonly maxBytes: number,
  ) {
    super({ detail: `The archive is larger than the ${maxBytes} bytes that were allowed. It was not kept.` });
  }
}

/** Whether an error is the registry's, with this code where one is given. */
export function isProblem(error: unknown): error is TrunkError & { readonly code: string };
export function isProblem<Code extends ProblemCode>(
  error: unknown,
  code: Code,
): error is TrunkError & { readonly code: Code };
export function isProblem(error: unknown, code?: string): boolean {
  return error instanceof TrunkError && error.code !== null && (code === undefined || error.code === code);
}

/** The fault in a line, and one more for each field. */
function sentence(fault: Fault): string {
  const lines = [fault.detail || fault.title || 'No more was said.'];
  for (const field of fault.errors ?? []) {
    lines.push(`  ${field.pointer}: ${field.detail}`);
  }
  const known: string[] = [];
  if (fault.code) {
    known.push(fault.code);
  }
  if (fault.status) {
    known.push(`HTTP ${fault.status}`);
  }
  if (fault.requestId) {
    known.push(`request ${fault.requestId}`);
  }
  return lines.join('\n') + (known.length > 0 ? ` [${known.join(', ')}]` : '');
}

const SHOWN = 500;
const LONGEST_PROBLEM = 256 * 1024;

/** The fault that an answer tells of. */
export async function faultOf(response: Response, now: number): Promise<TrunkError> {
  const said = await beginning(response);
  const common = {
    status: response.status,
    requestId: response.headers.get('X-Request-Id'),
    retryAfter: retryAfter(response.headers.get('Retry-After'), now),
  };
  if (kindOf(response) === 'application/problem+json') {
    const problem = parsed(said);
    if (typeof problem?.code === 'string') {
      return new TrunkError({
        ...common,
        code: problem.code,
        title: text(problem.title),
        detail: text(problem.detail),
        requestId: text(problem.instance) || common.requestId,
        errors: Array.isArray(problem.errors) ? problem.errors : [],
      });
    }
  }
  return new TrunkError({ ...common, title: response.statusText, detail: said.slice(0, SHOWN) });
}

/** The media type of an answer, without parameters. */
export function kindOf(response: Response): string {
  return (response.headers.get('Content-Type')?.split(';')[0] ?? '').trim().toLowerCase();
}

/** The seconds that Retry-After says (RFC 9110, section 10.2.3); null where it is not there or wrong. */
export function retryAfter(value: string | null, now: number): number | null {
  if (value === null || value.trim() === '') {
    return null;
  }
  if (/^\d+$/.test(value.trim())) {
    return Number(value);
  }
  const at = /GMT$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, (at - now) / 1000);
}

function parsed(said: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(said);
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** As much of a body as a fault may need. */
async function beginning(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) {
    return '';
  }
  const decoder = new TextDecoder();
  let said = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return said + decoder.decode();
    }
    said += decoder.decode(value, { stream: true });
    size += value.byteLength;
    if (size >= LONGEST_PROBLEM) {
      await reader.cancel();
      return said;
    }
  }
}
