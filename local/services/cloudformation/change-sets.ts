import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-cloudformation';
import type { Call, Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { describeChanges } from './changes';
import { creationOrder, dependencyGraph } from './dependencies';
import type { Engine } from './engine';
import { presentResources, resolveProperties } from './environment';
import type { ChangeSetRecord, ParameterValue, StackRecord, StackStore } from './store';
import { type Template, templateError } from './template';

const NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set.";
/** ExecuteChangeSet answers when the deployment has come to rest or after this time, so that a quick one is seen at the first poll. */
const PROMPT_MS = 15_000;
const IAM_TYPES = ['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::User', 'AWS::IAM::Group'];

export function isBusy(stack: StackRecord): boolean {
  return stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS';
}

/** The template of a request: inline, or an object in S3 named by URL. */
export async function readTemplate(cloud: Cloud, body: string | undefined, url: string | undefined, call: Call): Promise<string> {
  if (body !== undefined) return body;
  const { hostname, pathname } = new URL(url ?? '');
  const parts = decodeURIComponent(pathname).slice(1).split('/');
  const virtual = /^(.+)\.s3[.-]/.exec(hostname)?.[1];
  const [bucket, key] = virtual === undefined ? [parts[0], parts.slice(1).join('/')] : [virtual, parts.join('/')];
  const { Body } = await cloud
    .call<{ Body: Buffer }>('s3', 'GetObject', { Bucket: bucket, Key: key }, call.caller)
    .catch((error: unknown) => {
      throw templateError(`S3 error: ${error instanceof Error ? error.message : String(error)}`);
    });
  return Body.toString('utf8');
}

function checkCapabilities(template: Template, given: readonly string[]): void {
  const iam = Object.values(template.Resources).filter(({ Type }) => IAM_TYPES.includes(Type));
  const named = iam.some(({ Properties }) =>
    ['RoleName', 'ManagedPolicyName', 'UserName', 'GroupName'].some((name) => Properties?.[name] !== undefined),
  );
  const needed = named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
  if (iam.length === 0 || given.includes('CAPABILITY_NAMED_IAM') || given.includes(needed)) return;
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
}

function describe(record: ChangeSetRecord, stack: StackRecord): Record<string, unknown> {
  return {
    ChangeSetName: record.name,
    ChangeSetId: record.id,
    StackId: stack.id,
    StackName: stack.name,
    CreationTime: new Date(record.created),
    Status: record.status,
    StatusReason: record.statusReason,
    ExecutionStatus: record.executionStatus,
    Parameters: parametersOf(record.parameters),
    Tags: record.tags,
    Capabilities: record.capabilities,
    IncludeNestedStacks: true,
    Changes: record.changes.map((change) => ({ Type: 'Resource', ResourceChange: change })),
  };
}

export function parametersOf(values: readonly ParameterValue[]): object[] {
  return values.map(({ key, value, resolved }) => ({
    ParameterKey: key,
    ParameterValue: value,
    ...(resolved === undefined ? {} : { ResolvedValue: resolved }),
  }));
}

/** Change sets: what a deployment would do, reviewed, then executed once. */
export class ChangeSets {
  constructor(
    private readonly cloud: Cloud,
    private readonly store: StackStore,
    private readonly engine: Engine,
  ) {}

  operations(): Operations {
    return {
      CreateChangeSet: (input: Sdk.CreateChangeSetCommandInput, call: Call) => this.create(input, call),
      DescribeChangeSet: (input: Sdk.DescribeChangeSetCommandInput) => {
        const { record, stack } = this.find(input.ChangeSetName, input.StackName);
        return describe(record, stack);
      },
      ExecuteChangeSet: (input: Sdk.ExecuteChangeSetCommandInput) => this.execute(input),
      DeleteChangeSet: async (input: Sdk.DeleteChangeSetCommandInput) => {
        const stack = this.store.find(input.StackName ?? '');
        const name = input.ChangeSetName ?? '';
        const record = [...this.store.changeSets.entries()]
          .map(({ value }) => value)
          .find((candidate) => candidate.id === name || (candidate.name === name && candidate.stackId === stack?.id));
        if (record !== undefined) await this.store.changeSets.remove(record.id);
        return {};
      },
      ListChangeSets: (input: Sdk.ListChangeSetsCommandInput) => {
        const stack = this.store.find(input.StackName ?? '');
        const all = [...this.store.changeSets.entries()]
          .map(({ value }) => value)
          .filter((record) => record.stackId === stack?.id);
        return {
          Summaries: all.map((record) => ({
            ChangeSetId: record.id,
            ChangeSetName: record.name,
            Status: record.status,
            ExecutionStatus: record.executionStatus,
          })),
        };
      },
    };
  }

  private find(name: string | undefined, stackName: string | undefined): { record: ChangeSetRecord; stack: StackRecord } {
    const stack = this.store.find(stackName ?? '');
    const all = [...this.store.changeSets.entries()].map(({ value }) => value);
    const record = all.find((candidate) => candidate.id === name || (candidate.name === name && candidate.stackId === stack?.id));
    const owner = stack ?? (record === undefined ? undefined : this.store.stacks.get(record.stackId));
    if (record === undefined || owner === undefined)
      throw new AwsError('ChangeSetNotFoundException', `ChangeSet [${name}] does not exist`);
    return { record, stack: owner };
  }

  private async stackFor(name: string, kind: ChangeSetRecord['kind'], text: string): Promise<StackRecord> {
    const existing = this.store.find(name);
    if (kind === 'CREATE') {
      if (existing !== undefined && existing.status !== 'REVIEW_IN_PROGRESS')
        throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
      return existing ?? this.newStack(name, text);
    }
    if (existing === undefined) throw templateError(`Stack [${name}] does not exist`);
    if (isBusy(existing)) throw templateError(`Stack:${existing.id} is in ${existing.status} state and can not be updated.`);
    if (existing.status === 'ROLLBACK_COMPLETE' || existing.status === 'ROLLBACK_FAILED')
      throw templateError(`Stack:${existing.id} is in ${existing.status} state and can not be updated.`);
    return existing;
  }

  private async newStack(name: string, template: string): Promise<StackRecord> {
    if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
      throw templateError(
        `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
      );
    const id = `arn:aws:cloudformation:${this.cloud.region}:${this.cloud.account}:stack/${name}/${randomUUID()}`;
    const stack: StackRecord = {
      id,
      name,
      status: 'REVIEW_IN_PROGRESS',
      created: Date.now(),
      template,
      parameters: [],
      tags: [],
      outputs: [],
      imports: [],
      terminationProtection: false,
      capabilities: [],
    };
    await this.store.stacks.put(id, stack);
    await this.engine.stackStatus(id, 'REVIEW_IN_PROGRESS', 'User Initiated');
    return { ...stack, status: 'REVIEW_IN_PROGRESS' };
  }

  private async create(input: Sdk.CreateChangeSetCommandInput, call: Call): Promise<object> {
    const text = await readTemplate(
      this.cloud,
      input.TemplateBody ?? (input.UsePreviousTemplate === true ? this.store.find(input.StackName ?? '')?.template : undefined),
      input.TemplateURL,
      call,
    );
    const template = this.engine.validate(text);
    checkCapabilities(template, input.Capabilities ?? []);
    const kind = input.ChangeSetType ?? 'UPDATE';
    const given = (input.Parameters ?? []).map((parameter) => ({
      key: parameter.ParameterKey ?? '',
      value: parameter.ParameterValue,
      usePrevious: parameter.UsePreviousValue === true,
    }));
    const former = this.store.find(input.StackName ?? '')?.parameters ?? [];
    const parameters = await this.engine.readParameters(template, given, former, call.caller);
    const stack = await this.stackFor(input.StackName ?? '', kind, text);
    const tags = (input.Tags ?? []).map((tag) => ({ Key: tag.Key ?? '', Value: tag.Value ?? '' }));
    const changes = this.changes(stack, template, parameters);
    const idle =
      kind !== 'CREATE' &&
      changes.length === 0 &&
      JSON.stringify(tags) === JSON.stringify(stack.tags) &&
      !this.outputsChange(stack, template);
    const name = input.ChangeSetName ?? '';
    const record: ChangeSetRecord = {
      id: `arn:aws:cloudformation:${this.cloud.region}:${this.cloud.account}:changeSet/${name}/${randomUUID()}`,
      name,
      stackId: stack.id,
      kind,
      status: idle ? 'FAILED' : 'CREATE_COMPLETE',
      executionStatus: idle ? 'UNAVAILABLE' : 'AVAILABLE',
      template: text,
      parameters,
      tags,
      capabilities: input.Capabilities ?? [],
      changes: changes as unknown as ChangeSetRecord['changes'],
      created: Date.now(),
      ...(idle ? { statusReason: NO_CHANGES } : {}),
      ...(input.RoleARN === undefined ? {} : { roleArn: input.RoleARN }),
    };
    await this.store.changeSets.put(record.id, record);
    return { Id: record.id, StackId: stack.id };
  }

  private changes(stack: StackRecord, template: Template, parameters: readonly ParameterValue[]) {
    const records = new Map(this.store.resourcesOf(stack.id).map((record) => [record.logicalId, record]));
    const scope = this.engine.scopeOf(stack, template, parameters, records);
    const present = presentResources(template, scope);
    const order = creationOrder(dependencyGraph(template, present));
    return describeChanges(template, present, order, records, (id) => resolveProperties(template, id, scope));
  }

  private outputsChange(stack: StackRecord, template: Template): boolean {
    return JSON.stringify(this.engine.validate(stack.template).Outputs ?? {}) !== JSON.stringify(template.Outputs ?? {});
  }

  private async execute(input: Sdk.ExecuteChangeSetCommandInput): Promise<object> {
    const { record, stack } = this.find(input.ChangeSetName, input.StackName);
    if (record.executionStatus !== 'AVAILABLE') {
      throw new AwsError(
        'InvalidChangeSetStatusException',
        `ChangeSet [${record.id}] cannot be executed in its current status of [${record.status}]`,
      );
    }
    if (isBusy(stack)) throw templateError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    await this.store.changeSets.put(record.id, { ...record, executionStatus: 'EXECUTE_IN_PROGRESS' });
    // What else was planned for the stack was planned on its former state.
    for (const { value } of [...this.store.changeSets.entries()])
      if (value.stackId === stack.id && value.id !== record.id) await this.store.changeSets.remove(value.id);
    if (record.roleArn !== undefined) await this.engine.putStack(stack.id, { roleArn: record.roleArn });
    const { template, parameters, tags, capabilities } = record;
    const token = input.ClientRequestToken;
    const kind = record.kind === 'CREATE' ? 'CREATE' : 'UPDATE';
    const work = this.engine.deploy(
      stack.id,
      { template, parameters, tags, capabilities, ...(token === undefined ? {} : { token }) },
      kind,
    );
    const settled = work
      .catch((error: unknown) => this.cloud.log('cloudformation', String(error)))
      .then(() => this.store.changeSets.put(record.id, { ...record, executionStatus: 'EXECUTE_COMPLETE' }));
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, PROMPT_MS).unref())]);
    return {};
  }
}
