import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, timed } from './processes';

const SLIPWAY = join(ROOT, 'bin', 'slipway.js');

/** A fresh local platform with a trained model, for the time of `work`. */
export async function withPlatform<T>(work: (state: string, startSeconds: number) => Promise<T>): Promise<T> {
  const state = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    const seconds = await timed(process.execPath, [
      SLIPWAY,
      'start',
      '--platform',
      'examples/flight-delays',
      '--state',
      state,
      '--port',
      '0',
    ]);
    return await work(state, seconds);
  } finally {
    await timed(process.execPath, [SLIPWAY, 'local', 'down', '--state', state]).catch(() => undefined);
    rmSync(state, { recursive: true, force: true });
  }
}

export interface RunningServer {
  readonly endpoint: string;
  readonly pid: number;
}

export function serverOf(state: string): RunningServer {
  return JSON.parse(readFileSync(join(state, 'server.json'), 'utf8')) as RunningServer;
}
