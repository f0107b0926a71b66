import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * `/opt/ml` of a container. Here a container is a process of this machine, which has no `/opt/ml` and no right to mount one, so
 * the path is replaced in the texts that the process gets: entry point, arguments, environment. A path that a script makes up
 * itself (`'/opt' + '/ml'`) or reads from a file is not seen; scripts that take their paths from arguments and SM_* run unchanged.
 */
export class OptMl {
  /** What stands for `/opt/ml`: the folder, or a link to it where its path has characters that a shell would read. */
  readonly root: string;
  private readonly link: string | undefined;

  private readonly folder: string;

  constructor(path: string) {
    const folder = resolve(path);
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    if (/^[\w./-]+$/.test(folder)) this.root = folder;
    else {
      this.link = mkdtempSync(join(tmpdir(), 'opt-ml-'));
      this.root = join(this.link, 'ml');
      symlinkSync(folder, this.root);
    }
  }

  /** The text with `/opt/ml` replaced wherever it stands as a path of its own or the beginning of one. */
  map(text: string): string {
    return text.replace(/(?<![\w./-])\/opt\/ml(?![\w.-])/g, () => this.root);
  }

  /** A container path below `/opt/ml` on this machine. */
  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** `path`, made if absent. */
  folderAt(...parts: string[]): string {
    const path = this.path(...parts);
    mkdirSync(path, { recursive: true });
    return path;
  }

  remove(): void {
    if (this.link !== undefined) rmSync(this.link, { recursive: true, force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }
}
