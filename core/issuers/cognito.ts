import * as z from 'zod';
import { resourceName } from '../definition/identifier';
import type { IssuerKind } from './issuer-kind';

const schema = z.strictObject({ name: resourceName, kind: z.literal('cognito') });

/** Tokens of a user pool that the platform makes: people with a second factor, and one application client per consumer. */
export const cognitoKind = {
  schema,
  makesClients: true,
  // Its domain and its people are named after the stage.
  onlyOne: 'a platform has one user pool',
  address: () => undefined,
} as const satisfies IssuerKind<z.infer<typeof schema>>;
