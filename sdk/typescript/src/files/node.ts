import { createHash, randomBytes } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHUNK = 256 * 1024;

/** A file that is read piece by piece. */
export interface Source {
  size: number;
  pieces(): AsyncGenerator<Uint8Array, void, void>;
}

/** Opens a file for reading, anew for each attempt. */
export async function source(path: string | URL): Promise<Source> {
  const name = plain(path);
  const { size } = await stat(name);
  return {
    size,
    async *pieces() {
      const file = await open(name, 'r');
      try {
        for (;;) {
          const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(CHUNK), 0, CHUNK);
          if (bytesRead === 0) {
            return;
          }
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        await file.close();
      }
    },
  };
}

/** Writes a file beside a path, which takes its place once `check` takes its SHA-256, and else is removed. */
export async function save(
  path: string | URL,
  pieces: AsyncIterable<Uint8Array>,
  check: (sha256: string) => void,
): Promise<void> {
  const target = plain(path);
  if ((await stat(target).catch(() => null))?.isDirectory()) {
    throw new TypeError(`${target} is a folder: name the file that the archive is to become.`);
  }
  const partial = join(dirname(target), `.${basename(target)}.${randomBytes(8).toString('hex')}.part`);
  const digest = createHash('sha256');
  const file = await open(partial, 'wx');
  try {
    try {
      for await (const piece of pieces) {
        digest.update(piece);
        await file.writeFile(piece);
      }
    } finally {
      await file.close();
    }
    check(digest.digest('hex'));
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

function plain(path: string | URL): string {
  return typeof path === 'string' ? path : fileURLToPath(path);
}
