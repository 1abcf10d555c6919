import type { Metadata } from './generated/types.gen.js';
import type { Watchdog } from './watchdog.js';

/** What stands before and after the archive in a body of `multipart/form-data`, which is never in memory as a whole. */
export interface Framing {
  contentType: string;
  before: Uint8Array<ArrayBuffer>;
  after: Uint8Array<ArrayBuffer>;
}

/** The metadata first, then the archive, as the registry demands (RFC 7578). */
export function framing(metadata: Metadata, boundary: string = crypto.randomUUID()): Framing {
  const encoder = new TextEncoder();
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    before: encoder.encode(
      [
        `--${boundary}`,
        'Content-Disposition: form-data; name="metadata"',
        'Content-Type: application/json',
        '',
        JSON.stringify(metadata),
        `--${boundary}`,
        'Content-Disposition: form-data; name="file"; filename="archive.tar.gz"',
        'Content-Type: application/gzip',
        '',
        '',
      ].join('\r\n'),
    ),
    after: encoder.encode(`\r\n--${boundary}--\r\n`),
  };
}

/** A body whose pieces are asked for one by one. A watchdog is told of each, and of a fault in reading them. */
export function streamed(
  pieces: AsyncGenerator<Uint8Array, void, void>,
  watchdog: Watchdog,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        watchdog.wait();
        try {
          const { done, value } = await pieces.next();
          if (done) {
            controller.close();
          } else {
            controller.enqueue(value);
          }
        } catch (error) {
          watchdog.fail(error);
          throw error;
        }
      },
      cancel: async () => {
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
}

/** The pieces of the body around those of an archive. */
export async function* framed(
  frame: Framing,
  archive: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  yield frame.before;
  for await (const piece of archive) {
    if (!(piece instanceof Uint8Array)) {
      throw new TypeError(`An archive is read as bytes, not as ${typeof piece}.`);
    }
    yield piece;
  }
  yield frame.after;
}

/** The pieces of a stream, for platforms whose streams are no iterables yet. */
export async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
