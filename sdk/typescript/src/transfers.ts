import { type CallOptions, type Connection, inBrowser } from './connection.js';
import { DigestMismatch, DownloadTooLarge } from './errors.js';
import { framed, framing, piecesOf, streamed } from './form.js';
import type { Metadata } from './generated/types.gen.js';
import { artefactPath, type Resolved } from './resolved.js';

/** A path, or the bytes of an archive: all of them, or piece by piece. */
export type Archive = string | URL | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** How to download. */
export interface DownloadOptions extends CallOptions {
  /** The most bytes that an archive may have; there is no limit by default. */
  maxBytes?: number;
}

/**
 * Has fetch send a body without keeping it for a redirect or a question for a password: it makes no copy of a request with both of
 * these (Fetch, section 4.6), and would hold the whole archive in memory else.
 */
const UNKEPT = { redirect: 'error', window: null } as const;

/** Publishes an archive; again where that helps, and where its bytes can be had again. */
export async function publish(
  connection: Connection,
  metadata: Metadata,
  archive: Archive,
  options: CallOptions,
): Promise<string> {
  const frame = framing(metadata);
  const url = `${connection.baseUrl}/extensions/new`;
  const headers = { 'Content-Type': frame.contentType };
  const send = async (pieces: () => AsyncIterable<Uint8Array>, size?: number): Promise<string> => {
    const sent = new Headers(headers);
    if (size !== undefined) {
      sent.set('Content-Length', String(frame.before.length + size + frame.after.length));
    }
    const body = framed(frame, pieces());
    try {
      const response = await connection.once(
        url,
        (watchdog) => ({ ...UNKEPT, method: 'POST', headers: sent, body: streamed(body, watchdog), duplex: 'half' }),
        options,
      );
      return (await response.text()).trim();
    } finally {
      // A refusal may come before the archive was read to its end. A stream that hangs is not waited for.
      body.return().catch(() => {});
    }
  };
  const again = (attempt: () => Promise<string>) => connection.repeat(attempt, { signal: options.signal, safe: true });

  if (typeof archive === 'string' || archive instanceof URL) {
    const { source } = await import('#files');
    return again(async () => {
      const { size, pieces } = await source(archive);
      return send(pieces, size);
    });
  }
  if (archive instanceof Blob) {
    if (!inBrowser()) {
      return again(() => send(() => piecesOf(archive.stream()), archive.size));
    }
    // Browsers do not tell how far a Blob was sent, and few send streams: only the signal ends this.
    const body = new Blob([frame.before, archive, frame.after]);
    return again(async () => {
      const response = await connection.once(url, () => ({ method: 'POST', headers, body }), {
        ...options,
        timeout: 0,
      });
      return (await response.text()).trim();
    });
  }
  return send(() => (archive instanceof ReadableStream ? piecesOf(archive) : archive));
}

/** Downloads an archive to a file, which is there only once its SHA-256 was found to be right. */
export async function download(
  connection: Connection,
  build: Resolved,
  path: string | URL,
  options: DownloadOptions,
): Promise<void> {
  const { save } = await import('#files');
  await connection.repeat(() => save(path, archiveOf(connection, build, options), (actual) => check(build, actual)), {
    signal: options.signal,
    safe: true,
  });
}

/** Downloads an archive into memory, and gives it once its SHA-256 was found to be right. */
export async function fetchArchive(connection: Connection, build: Resolved, options: DownloadOptions): Promise<Blob> {
  return connection.repeat(
    async () => {
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      for await (const piece of archiveOf(connection, build, options)) {
        pieces.push(new Uint8Array(piece));
      }
      const archive = new Blob(pieces, { type: 'application/gzip' });
      const digest = await crypto.subtle.digest('SHA-256', await archive.arrayBuffer());
      check(build, Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(''));
      return archive;
    },
    { signal: options.signal, safe: true },
  );
}

function check(build: Resolved, actual: string): void {
  if (actual !== build.sha256) {
    throw new DigestMismatch(build.sha256, actual);
  }
}

/** The pieces of an archive, as many as are allowed. A redirect to another origin takes no token along: fetch sees to that. */
async function* archiveOf(
  connection: Connection,
  build: Resolved,
  options: DownloadOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const { maxBytes = Number.POSITIVE_INFINITY } = options;
  const headers = {
    Accept: 'application/gzip, application/octet-stream, application/problem+json',
    // The bytes as they are: an archive that is packed once more on the way would be another. Browsers know better.
    'Accept-Encoding': 'identity',
  };
  const { body } = await connection.once(connection.baseUrl + artefactPath(build.link), () => ({ headers }), options);
  let size = 0;
  for await (const piece of body === null ? [] : piecesOf(body)) {
    size += piece.byteLength;
    if (size > maxBytes) {
      throw new DownloadTooLarge(maxBytes);
    }
    yield piece;
  }
}
