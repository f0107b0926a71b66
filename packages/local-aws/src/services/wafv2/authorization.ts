import { actionsOn, arnOf, type Input, type Rights, type Scope } from '../../iam/rights';

const acl = (input: Input, scope: Scope): string =>
  input.ARN ??
  arnOf('wafv2', scope, `${String(input.Scope ?? 'REGIONAL').toLowerCase()}/webacl/${input.Name ?? '*'}/${input.Id ?? '*'}`);

/** Rights of WAF's operations. Source: Service Authorization Reference, "AWS WAF V2". */
export const wafRights: Rights = actionsOn('wafv2', [
  ['CreateWebACL GetWebACL UpdateWebACL DeleteWebACL ListWebACLs', acl],
  ['AssociateWebACL', ({ WebACLArn, ResourceArn }: Input) => [WebACLArn ?? '*', ResourceArn ?? '*']],
  ['DisassociateWebACL GetWebACLForResource', ({ ResourceArn }: Input) => ResourceArn ?? '*'],
  ['ListResourcesForWebACL', ({ WebACLArn }: Input) => WebACLArn ?? '*'],
  ['PutLoggingConfiguration', ({ LoggingConfiguration }: Input) => LoggingConfiguration?.ResourceArn ?? '*'],
  ['GetLoggingConfiguration DeleteLoggingConfiguration', ({ ResourceArn }: Input) => ResourceArn ?? '*'],
]);
