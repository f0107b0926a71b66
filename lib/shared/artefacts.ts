import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { Header } from 'tar';
import type { AlgorithmName } from '../../core/algorithms';
import { baselineArtefact } from '../../core/artefact';
import type { Model, Platform } from '../../core/definition';

/** Functions of the platform, each a folder under `lambda/`. */
export const FUNCTIONS = [
  'aggregate',
  'authorizer',
  'events',
  'models',
  'outcomes',
  'predict',
  'promote',
  'retrain',
  'seed-champion',
  'watch',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** Paths of what deployment uploads. */
export interface Artefacts {
  /** Folder of a function's bundle, with `index.js` and `platform.json`. */
  bundle(name: FunctionName): string;
  /** `.tar.gz` of the sources of an algorithm's jobs. */
  source(algorithm: AlgorithmName): string;
  /** `model.tar.gz` of a model's day-0 baseline, and its digest. */
  baseline(model: string): { readonly path: string; readonly digest: string };
}

const BLOCK = 512;

function tarEntry(path: string, content: Buffer): Buffer[] {
  const header = new Header({ path, mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: new Date(0), type: 'File' });
  const block = Buffer.alloc(BLOCK);
  header.encode(block);
  return [block, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}

/** A gzipped tar whose bytes depend on names and contents only. */
export function packTar(files: Readonly<Record<string, Buffer | string>>): Buffer {
  const names = Object.keys(files).sort();
  const blocks = names.flatMap((name) => tarEntry(name, Buffer.from(files[name] ?? '')));
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 });
}

/** Folders of the sources that a job or model server of an algorithm runs; it finds them in one folder. */
export function sourceFolders(root: string, algorithm: string): string[] {
  return ['platform', join('platform', 'tasks'), algorithm].map((folder) => join(root, 'containers', folder));
}

/** Python files of an algorithm's jobs and servers, by name. Throws when two have the same name. */
export function sources(root: string, algorithm: string): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  for (const folder of sourceFolders(root, algorithm)) {
    for (const name of readdirSync(folder).filter((it) => it.endsWith('.py'))) {
      if (files[name] !== undefined) throw new Error(`${join(folder, name)}: another module of this name is packed with it`);
      files[name] = readFileSync(join(folder, name));
    }
  }
  return files;
}

function bundleFunctions(root: string, out: string, platform: Platform): void {
  buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(FUNCTIONS.map((name) => [`${name}/index`, join('lambda', name, 'index.ts')])),
    outdir: out,
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': './lambda/runtime/credentials.ts' },
    legalComments: 'none',
    logLevel: 'error',
  });
  const document = JSON.stringify(platform);
  for (const name of FUNCTIONS) writeFileSync(join(out, name, 'platform.json'), document);
}

function packBaseline(root: string, platform: Platform, model: Model): Buffer {
  const code = Object.entries(sources(root, model.training.algorithm)).map(
    ([name, content]) => [`code/${name}`, content] as const,
  );
  return packTar({ ...baselineArtefact(platform, model), ...Object.fromEntries(code) });
}

/**
 * Builds what deployment uploads into `out`: one esbuild call for all functions, one archive per job source and baseline.
 * Equal sources give equal bytes, so an unchanged app has an empty diff.
 */
export function buildArtefacts(root: string, out: string, platform: Platform): Artefacts {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  bundleFunctions(root, join(out, 'functions'), platform);
  const packed = new Map(
    platform.models.map(({ training: { algorithm } }) => [algorithm, join(out, `${algorithm}-source.tar.gz`)]),
  );
  for (const [algorithm, path] of packed) writeFileSync(path, packTar(sources(root, algorithm)));
  const baselines = new Map(
    platform.models.map((model) => {
      const content = packBaseline(root, platform, model);
      const path = join(out, `${model.name}-baseline.tar.gz`);
      writeFileSync(path, content);
      return [model.name, { path, digest: `sha256:${createHash('sha256').update(content).digest('hex')}` }];
    }),
  );
  return {
    bundle: (name) => join(out, 'functions', name),
    source: (algorithm) => {
      const path = packed.get(algorithm);
      if (path === undefined) throw new Error(`no sources were packed for ${algorithm}`);
      return path;
    },
    baseline: (model) => {
      const found = baselines.get(model);
      if (found === undefined) throw new Error(`no baseline was built for model ${model}`);
      return found;
    },
  };
}
