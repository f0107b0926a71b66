import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const CHUNK = 4 * 1024 * 1024;

/** What is known of a store's file: its content when it was closed; `open` from its opening until then. */
type Sealed = { readonly state: 'closed'; readonly size: number; readonly crc: number } | { readonly state: 'open' };

/** The store's file is not what it was when it was closed. */
export class DamagedStore extends Error {
  readonly code = 'DAMAGED_STORE';

  constructor(path: string, why: string) {
    super(
      `the store ${path} is damaged: ${why}. Restore its folder from a copy, or delete the folder to begin with an empty cloud.`,
    );
  }
}

/**
 * The seal of a store's file: a checksum beside it, made when the store is closed and checked when it is opened, since LMDB's own pages carry
 * none. A store that was not closed (its process was killed) has no checksum to be held to.
 */
export class Seal {
  private readonly file: string;

  constructor(private readonly store: string) {
    this.file = `${store}.seal`;
  }

  /** Checks the store before it is opened, and marks it as open. Throws `DamagedStore`. */
  break(): void {
    const sealed = this.read();
    const exists = existsSync(this.store);
    if (sealed !== undefined && !exists) throw new DamagedStore(this.store, 'the file is gone');
    if (sealed?.state === 'closed') {
      const { size } = statSync(this.store);
      if (size !== sealed.size)
        throw new DamagedStore(this.store, `it has ${size} bytes, and had ${sealed.size} when it was closed`);
      if (crcOf(this.store) !== sealed.crc) throw new DamagedStore(this.store, 'its bytes are not those of when it was closed');
    }
    this.write({ state: 'open' });
  }

  /** Seals the closed store. */
  close(): void {
    this.write({ state: 'closed', size: statSync(this.store).size, crc: crcOf(this.store) });
  }

  private read(): Sealed | undefined {
    if (!existsSync(this.file)) return undefined;
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Sealed;
    } catch {
      throw new DamagedStore(this.file, 'it cannot be read');
    }
  }

  private write(sealed: Sealed): void {
    writeFileSync(`${this.file}.part`, JSON.stringify(sealed));
    renameSync(`${this.file}.part`, this.file);
  }
}

function crcOf(path: string): number {
  const chunk = Buffer.allocUnsafe(CHUNK);
  const file = openSync(path, 'r');
  try {
    let crc = 0;
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk))
      crc = crc32(chunk.subarray(0, length), crc);
    return crc;
  } finally {
    closeSync(file);
  }
}
