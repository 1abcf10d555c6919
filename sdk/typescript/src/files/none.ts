import type { Source } from './node.js';

/** There are no files in a browser. */
export function source(_path: string | URL): Promise<Source> {
  throw new TypeError('There are no files here: publish a Blob or a stream of bytes instead of a path.');
}

/** There are no files in a browser. */
export function save(
  _path: string | URL,
  _pieces: AsyncIterable<Uint8Array>,
  _check: (sha256: string) => void,
): Promise<void> {
  throw new TypeError('There are no files here: `fetchArchive` gives an archive without one.');
}
