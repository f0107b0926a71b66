import type { Action, TargetedOptions } from '../cli/program';
import { openTarget } from '../cli/target';
import { fetchToken } from '../cli/tokens';

/** `slipway token` */
export const token: Action<TargetedOptions & { consumer: string; scope: string[] }> = async ({ options, output }) => {
  const scopes = options.scope.flatMap((it) => it.split(/[\s,]+/)).filter((it) => it !== '');
  const given = await fetchToken(await openTarget(options), options.consumer, scopes);
  output.result(given, () => [given.access_token]);
};
