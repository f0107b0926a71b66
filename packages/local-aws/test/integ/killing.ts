import { readdirSync, readFileSync } from 'node:fs';
import type { KilledCloud } from './killed-cloud';

/** Mulberry32: the same choices in every run with the same seed. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The value of `read` once it is there. */
export async function eventually<T>(read: () => Promise<T | undefined>, limitMs = 30_000): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`it did not happen in ${limitMs} ms: ${read}`);
    await pause(25);
  }
}

export interface KillPlan {
  /** Kills in this run. */
  readonly kills: number;
  readonly seed: number;
  /** Longest time from the beginning of a round to its kill. */
  readonly longestMs: number;
  /** Share of the restarts that are killed again. */
  readonly again?: number;
}

export interface KilledWork {
  /** What a round needs; not killed. */
  prepare?(round: number): Promise<void>;
  /** Ends soon after `isDown` is true, and when calls fail. */
  work(round: number, isDown: () => boolean): Promise<void>;
  check(round: number): Promise<void>;
}

/** How many kills a loop makes: few by default, and as many as the environment variable says. */
export function planOf(variable: string, few: number, longestMs: number, again = 0): KillPlan {
  return { kills: Number(process.env[variable] ?? few), seed: Number(process.env.SEED ?? 1), longestMs, again };
}

/** Jest's limit for a loop. */
export function limitOf({ kills }: KillPlan): number {
  return 60_000 + kills * 15_000;
}

/**
 * Kills the cloud again and again at random instants of `work` and starts it again; after each round `check` looks. The seed is printed with
 * a failure and by long runs.
 */
export async function underKills(cloud: KilledCloud, plan: KillPlan, { prepare, work, check }: KilledWork): Promise<void> {
  const random = chance(plan.seed);
  const began = Date.now();
  let kills = 0;
  let round = 0;
  try {
    for (; kills < plan.kills; round += 1) {
      await prepare?.(round);
      let isDown = false;
      const working = work(round, () => isDown);
      do {
        await pause(random() * plan.longestMs);
        isDown = true;
        await cloud.kill();
        kills += 1;
        await cloud.run();
      } while (random() < (plan.again ?? 0));
      await working;
      await check(round);
    }
  } catch (error) {
    console.error(`seed ${plan.seed}, round ${round}, after ${kills} kills`);
    throw error;
  }
  if (plan.kills >= 50)
    console.log(`seed ${plan.seed}: ${kills} kills in ${round} rounds, ${((Date.now() - began) / 1000).toFixed(0)} s`);
}

interface ProcessView {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly environment: string;
}

function processes(): ProcessView[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const read = (file: string): string => readFileSync(`/proc/${name}/${file}`, 'latin1');
        const [state = 'Z', parent = '0'] = read('stat').split(') ')[1]?.split(' ') ?? [];
        if (state === 'Z') return [];
        return [{ pid: Number(name), parent: Number(parent), command: read('cmdline'), environment: read('environ') }];
      } catch {
        return [];
      }
    });
}

/** Processes that work for the state in a folder but are no descendants of `server`, by their command lines. */
export function orphans(folder: string, server: number): string[] {
  const all = processes();
  const family = new Set([server, process.pid]);
  for (let size = 0; size < family.size; ) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent) && parent !== process.pid) family.add(pid);
  }
  return all
    .filter(({ pid, command, environment }) => !family.has(pid) && (environment.includes(folder) || command.includes(folder)))
    .map(({ command }) => command.replaceAll('\0', ' '));
}
