import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '..', '..');
export const DEFAULT_STATE = join(ROOT, '.slipway', 'state');
export const DEFAULT_PLATFORM = 'platform';
