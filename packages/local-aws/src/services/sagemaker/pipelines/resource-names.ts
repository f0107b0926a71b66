import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';
const NAME_LIMIT = 63;
const TAIL = 10;

function random(length: number, alphabet: string): string {
  return [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

export function executionId(): string {
  return random(12, LOWER);
}

/** Name of a job or model that a step makes: `pipelines-<execution>-<step>-<random>`. */
export function resourceName(execution: string, step: string): string {
  const head = `pipelines-${execution}-`;
  const plain = step
    .replace(/[^a-zA-Z0-9-]/g, '-')
    .replace(/-+/g, '-')
    .slice(0, NAME_LIMIT - head.length - TAIL - 1);
  return `${head}${plain.replace(/^-|-$/g, '')}-${random(TAIL, ALPHABET)}`;
}
