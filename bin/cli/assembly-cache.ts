import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the templates and bundles never come from. A name that is missing here costs a synthesis; one too many would hide a change. */
const NO_INPUTS = new Set(['node_modules', 'cdk.out', 'coverage', 'reports', 'docs', 'test', 'bench', 'packages']);
/** npm's record of what is installed, which it writes with each installation. */
const INSTALLED = join('node_modules', '.package-lock.json');
const RECORD = 'synthesized-from.json';

interface Record {
  readonly inputs: string;
  readonly output: string;
}

interface AssetManifest {
  readonly files?: { readonly [id: string]: { readonly source?: { readonly path?: string } } };
}

function addFolder(hash: Hash, folder: string, ignored: ReadonlySet<string>): void {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of entries) {
    if (ignored.has(entry.name) || entry.name.startsWith('.') || entry.name === '__pycache__') continue;
    const path = join(folder, entry.name);
    hash.update(`${path}\n`);
    if (entry.isDirectory()) addFolder(hash, path, new Set());
    else if (entry.isFile()) hash.update(createHash('sha256').update(readFileSync(path)).digest());
  }
}

/** A synthesized assembly that is good as long as what it was made from, and it itself, are unchanged. */
export class AssemblyCache {
  private readonly record: string;

  constructor(
    private readonly root: string,
    private readonly folder: string,
    /** What else the assembly depends on: the stage, and the definitions, which may lie anywhere. */
    private readonly parameters: Readonly<{ [name: string]: string }>,
  ) {
    this.record = join(folder, RECORD);
  }

  /** Whether the folder holds the assembly that a synthesis would give now. */
  isCurrent(): boolean {
    if (!existsSync(this.record)) return false;
    const { inputs, output } = JSON.parse(readFileSync(this.record, 'utf8')) as Record;
    return inputs === this.inputs() && output === this.output() && this.missingAssets().length === 0;
  }

  /** Runs a synthesis into the folder; what is known of a former one is forgotten before, and the new one noted when it is whole. */
  async renew<T>(synthesize: () => Promise<T>): Promise<T> {
    rmSync(this.record, { force: true });
    const inputs = this.inputs();
    const made = await synthesize();
    // A source that was changed meanwhile may be in the assembly or not.
    if (this.inputs() === inputs) writeFileSync(this.record, JSON.stringify({ inputs, output: this.output() } satisfies Record));
    return made;
  }

  private inputs(): string {
    const hash = createHash('sha256').update(JSON.stringify([process.version, this.parameters]));
    const installed = join(this.root, INSTALLED);
    if (existsSync(installed)) hash.update(readFileSync(installed));
    addFolder(hash, this.root, NO_INPUTS);
    return hash.digest('hex');
  }

  /** Digest of the manifest, the templates and the lists of assets. */
  private output(): string {
    const hash = createHash('sha256');
    for (const name of this.documents()) hash.update(`${name}\n`).update(readFileSync(join(this.folder, name)));
    return hash.digest('hex');
  }

  private documents(): string[] {
    const isDocument = (name: string): boolean => name === 'manifest.json' || /\.(template|assets)\.json$/.test(name);
    return readdirSync(this.folder).filter(isDocument).sort();
  }

  /** Files and folders that are to be uploaded and are not there; their names tell their content. */
  private missingAssets(): string[] {
    return this.documents()
      .filter((name) => name.endsWith('.assets.json'))
      .flatMap((name) => {
        const { files = {} } = JSON.parse(readFileSync(join(this.folder, name), 'utf8')) as AssetManifest;
        return Object.values(files).flatMap(({ source }) => source?.path ?? []);
      })
      .filter((path) => !existsSync(join(this.folder, path)));
  }
}
