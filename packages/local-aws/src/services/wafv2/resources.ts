import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';

async function gone(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof AwsError) || error.code !== 'WAFNonexistentItemException') throw error;
  });
}

interface Got {
  readonly WebACL: { readonly Id: string; readonly ARN: string; readonly Capacity: number; readonly LabelNamespace: string };
  readonly LockToken: string;
}

/** Search strings are text in templates and bytes in the API. */
function statementInput(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(statementInput);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === 'SearchString' && typeof item === 'string' ? Buffer.from(item) : statementInput(item),
    ]),
  );
}

const address = (id: string): { Name: string; Id: string; Scope: string } => {
  const [Name = '', Id = '', Scope = ''] = id.split('|');
  return { Name, Id, Scope };
};

async function outcome(id: string, context: ResourceContext): Promise<ResourceOutcome> {
  const { WebACL } = await context.call<Got>('wafv2', 'GetWebACL', address(id));
  const { ARN: Arn, Id, Capacity, LabelNamespace } = WebACL;
  return { id, attributes: { Arn, Id, Capacity, LabelNamespace } };
}

function content(properties: ResourceProperties): object {
  const { DefaultAction, Description, VisibilityConfig, Scope } = properties;
  return { DefaultAction, Description, VisibilityConfig, Scope, Rules: statementInput(properties.Rules ?? []) };
}

const webAcl: ResourceType = {
  type: 'AWS::WAFv2::WebACL',
  enforced: ['DefaultAction', 'Description', 'Name', 'Rules', 'Scope', 'VisibilityConfig'],
  stored: { Tags: 'shown by no operation that is supported' },
  async create(properties, context) {
    const Name: string = properties.Name ?? context.generateName(128);
    const input = { ...content(properties), Name };
    const { Summary } = await context.call<{ Summary: { Id: string } }>('wafv2', 'CreateWebACL', input);
    return outcome(`${Name}|${Summary.Id}|${properties.Scope}`, context);
  },
  async update(id, properties, _previous, context) {
    const { LockToken } = await context.call<Got>('wafv2', 'GetWebACL', address(id));
    await context.call('wafv2', 'UpdateWebACL', { ...content(properties), ...address(id), LockToken });
    return outcome(id, context);
  },
  delete: (id, _properties, context) =>
    gone(
      context
        .call<Got>('wafv2', 'GetWebACL', address(id))
        .then(({ LockToken }) => context.call('wafv2', 'DeleteWebACL', { ...address(id), LockToken })),
    ),
};

const association: ResourceType = {
  type: 'AWS::WAFv2::WebACLAssociation',
  enforced: ['ResourceArn', 'WebACLArn'],
  stored: {},
  async create({ ResourceArn, WebACLArn }, context) {
    await context.call('wafv2', 'AssociateWebACL', { ResourceArn, WebACLArn });
    return { id: `${ResourceArn}|${WebACLArn}` };
  },
  delete: (_id, { ResourceArn }, context) => gone(context.call('wafv2', 'DisassociateWebACL', { ResourceArn })),
};

const putLogging = async (properties: ResourceProperties, context: ResourceContext): Promise<ResourceOutcome> => {
  const { ResourceArn, LogDestinationConfigs, RedactedFields, LoggingFilter } = properties;
  const LoggingConfiguration = { ResourceArn, LogDestinationConfigs, RedactedFields, LoggingFilter };
  await context.call('wafv2', 'PutLoggingConfiguration', { LoggingConfiguration });
  return { id: ResourceArn, attributes: { ManagedByFirewallManager: false } };
};

const NO_LOGS = 'the local AWS writes no web ACL logs; the access log shows what was blocked';

const logging: ResourceType = {
  type: 'AWS::WAFv2::LoggingConfiguration',
  enforced: ['ResourceArn'],
  stored: { LogDestinationConfigs: NO_LOGS, RedactedFields: NO_LOGS, LoggingFilter: NO_LOGS },
  create: putLogging,
  update: (_id, properties, _previous, context) => putLogging(properties, context),
  delete: (id, _properties, context) => gone(context.call('wafv2', 'DeleteLoggingConfiguration', { ResourceArn: id })),
};

export const wafResources: readonly ResourceType[] = [webAcl, association, logging];
