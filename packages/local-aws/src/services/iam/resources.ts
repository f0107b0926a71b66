import type { ResourceContext, ResourceProperties, ResourceType } from '../../cloud';

interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: object;
}

const isMissing = (error: unknown): boolean => error instanceof Error && error.name === 'NoSuchEntityException';

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

const json = (document: unknown): string => (typeof document === 'string' ? document : JSON.stringify(document));

async function syncRole(
  name: string,
  next: ResourceProperties,
  previous: ResourceProperties,
  context: ResourceContext,
): Promise<void> {
  const policies: InlinePolicy[] = next.Policies ?? [];
  for (const policy of policies) {
    await context.call('iam', 'PutRolePolicy', {
      RoleName: name,
      PolicyName: policy.PolicyName,
      PolicyDocument: json(policy.PolicyDocument),
    });
  }
  for (const old of (previous.Policies ?? []) as InlinePolicy[]) {
    if (!policies.some((policy) => policy.PolicyName === old.PolicyName))
      await context.call('iam', 'DeleteRolePolicy', { RoleName: name, PolicyName: old.PolicyName }).catch(ignoreMissing);
  }
  const attached: string[] = next.ManagedPolicyArns ?? [];
  for (const arn of attached) await context.call('iam', 'AttachRolePolicy', { RoleName: name, PolicyArn: arn });
  for (const arn of (previous.ManagedPolicyArns ?? []) as string[]) {
    if (!attached.includes(arn)) await context.call('iam', 'DetachRolePolicy', { RoleName: name, PolicyArn: arn });
  }
}

const role: ResourceType = {
  type: 'AWS::IAM::Role',
  enforced: [
    'AssumeRolePolicyDocument',
    'RoleName',
    'Path',
    'Policies',
    'ManagedPolicyArns',
    'Description',
    'MaxSessionDuration',
    'PermissionsBoundary',
    'Tags',
  ],
  stored: {},
  async create(properties, context) {
    const name: string = properties.RoleName ?? context.generateName(64);
    const { Role } = await context.call<{ Role: { Arn: string; RoleId: string } }>('iam', 'CreateRole', {
      RoleName: name,
      AssumeRolePolicyDocument: json(properties.AssumeRolePolicyDocument),
      Path: properties.Path,
      Description: properties.Description,
      MaxSessionDuration: properties.MaxSessionDuration,
      PermissionsBoundary: properties.PermissionsBoundary,
      Tags: context.tags,
    });
    try {
      await syncRole(name, properties, {}, context);
    } catch (error) {
      await this.delete(name, properties, context);
      throw error;
    }
    return { id: name, attributes: { Arn: Role.Arn, RoleId: Role.RoleId } };
  },
  async update(id, properties, previous, context) {
    await context.call('iam', 'UpdateAssumeRolePolicy', {
      RoleName: id,
      PolicyDocument: json(properties.AssumeRolePolicyDocument),
    });
    await context.call('iam', 'UpdateRole', {
      RoleName: id,
      Description: properties.Description ?? '',
      MaxSessionDuration: properties.MaxSessionDuration ?? 3600,
    });
    if (properties.PermissionsBoundary !== undefined)
      await context.call('iam', 'PutRolePermissionsBoundary', {
        RoleName: id,
        PermissionsBoundary: properties.PermissionsBoundary,
      });
    else if (previous.PermissionsBoundary !== undefined)
      await context.call('iam', 'DeleteRolePermissionsBoundary', { RoleName: id });
    await context.call('iam', 'TagRole', { RoleName: id, Tags: context.tags });
    await syncRole(id, properties, previous, context);
    const { Role } = await context.call<{ Role: { Arn: string; RoleId: string } }>('iam', 'GetRole', { RoleName: id });
    return { id, attributes: { Arn: Role.Arn, RoleId: Role.RoleId } };
  },
  async delete(id, properties, context) {
    try {
      await syncRole(id, {}, properties, context);
      await context.call('iam', 'DeleteRole', { RoleName: id });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  },
};

async function putPolicy(properties: ResourceProperties, context: ResourceContext): Promise<void> {
  for (const name of (properties.Roles ?? []) as string[]) {
    await context.call('iam', 'PutRolePolicy', {
      RoleName: name,
      PolicyName: properties.PolicyName,
      PolicyDocument: json(properties.PolicyDocument),
    });
  }
}

const policy: ResourceType = {
  type: 'AWS::IAM::Policy',
  enforced: ['PolicyDocument', 'PolicyName', 'Roles'],
  stored: {},
  async create(properties, context) {
    try {
      await putPolicy(properties, context);
    } catch (error) {
      await this.delete(properties.PolicyName, properties, context);
      throw error;
    }
    return { id: properties.PolicyName };
  },
  async update(id, properties, previous, context) {
    await putPolicy(properties, context);
    const gone = ((previous.Roles ?? []) as string[]).filter(
      (name) => properties.PolicyName !== previous.PolicyName || !(properties.Roles ?? []).includes(name),
    );
    for (const name of gone)
      await context.call('iam', 'DeleteRolePolicy', { RoleName: name, PolicyName: previous.PolicyName }).catch(ignoreMissing);
    return { id };
  },
  async delete(_id, properties, context) {
    for (const name of (properties.Roles ?? []) as string[]) {
      await context.call('iam', 'DeleteRolePolicy', { RoleName: name, PolicyName: properties.PolicyName }).catch(ignoreMissing);
    }
  },
};

const managedPolicy: ResourceType = {
  type: 'AWS::IAM::ManagedPolicy',
  enforced: ['PolicyDocument', 'ManagedPolicyName', 'Path', 'Description', 'Roles'],
  stored: {},
  async create(properties, context) {
    const name: string = properties.ManagedPolicyName ?? context.generateName(128);
    const { Policy } = await context.call<{ Policy: { Arn: string } }>('iam', 'CreatePolicy', {
      PolicyName: name,
      Path: properties.Path,
      Description: properties.Description,
      PolicyDocument: json(properties.PolicyDocument),
    });
    try {
      for (const roleName of (properties.Roles ?? []) as string[])
        await context.call('iam', 'AttachRolePolicy', { RoleName: roleName, PolicyArn: Policy.Arn });
    } catch (error) {
      await this.delete(Policy.Arn, properties, context);
      throw error;
    }
    return { id: Policy.Arn, attributes: { PolicyArn: Policy.Arn } };
  },
  async update(id, properties, previous, context) {
    await context.call('iam', 'CreatePolicyVersion', {
      PolicyArn: id,
      PolicyDocument: json(properties.PolicyDocument),
      SetAsDefault: true,
    });
    const roles: string[] = properties.Roles ?? [];
    for (const roleName of roles) await context.call('iam', 'AttachRolePolicy', { RoleName: roleName, PolicyArn: id });
    for (const roleName of (previous.Roles ?? []) as string[]) {
      if (!roles.includes(roleName))
        await context.call('iam', 'DetachRolePolicy', { RoleName: roleName, PolicyArn: id }).catch(ignoreMissing);
    }
    return { id, attributes: { PolicyArn: id } };
  },
  async delete(id, properties, context) {
    for (const roleName of (properties.Roles ?? []) as string[])
      await context.call('iam', 'DetachRolePolicy', { RoleName: roleName, PolicyArn: id }).catch(ignoreMissing);
    await context.call('iam', 'DeletePolicy', { PolicyArn: id }).catch(ignoreMissing);
  },
};

export const iamResources: readonly ResourceType[] = [role, policy, managedPolicy];
