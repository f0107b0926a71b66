import * as z from 'zod';
import { cognitoKind } from './cognito';
import type { IssuerKind } from './issuer-kind';
import { oidcKind } from './oidc';

export type { IssuerKind } from './issuer-kind';

/** Every kind of issuer: a file beside this one and one in lib/api/issuers/, and a line in each list. */
const KINDS = { cognito: cognitoKind, oidc: oidcKind } as const;

export const issuerSchema = z.discriminatedUnion('kind', [KINDS.cognito.schema, KINDS.oidc.schema]);
export type IssuerDefinition = z.infer<typeof issuerSchema>;
export type IssuerOf<K extends IssuerDefinition['kind']> = Extract<IssuerDefinition, { kind: K }>;

/** What a platform has that names no issuer. */
export const DEFAULT_ISSUERS: IssuerDefinition[] = [{ name: 'people', kind: 'cognito' }];

const byKind: Readonly<Record<IssuerDefinition['kind'], IssuerKind>> = KINDS;

/** The rules of an issuer's kind. */
export function issuerKind({ kind }: IssuerDefinition): IssuerKind {
  return byKind[kind];
}
