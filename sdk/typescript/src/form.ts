import type { Metadata } from './generated/types.gen.js';

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

/** The body around the pieces of an archive; `progress` is called for each, and `close` in the end. */
export function framed(
  frame: Framing,
  archive: AsyncIterable<Uint8Array>,
  progress: () => void,
): ReadableStream<Uint8Array> {
  const pieces = around(frame, archive);
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        progress();
        const { done, value } = await pieces.next();
        if (done) {
          controller.close();
        } else {
          controller.enqueue(value);
        }
      },
      cancel: async () => {
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
}

async function* around(frame: Framing, archive: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
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
