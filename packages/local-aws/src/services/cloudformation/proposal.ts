import type * as Sdk from '@aws-sdk/client-cloudformation';
import type { Call, Cloud, ResourceType } from '../../cloud';
import { checkCapabilities } from './capabilities';
import { describeChanges, type ResourceChange } from './changes';
import { checkBlocks, creationOrder, dependencyGraph } from './dependencies';
import { presentResources, resolveProperty, stackScope } from './environment';
import { checkAbsent } from './live';
import { parameterValues } from './parameters';
import type { StackRecord, Tags, Target } from './records';
import { checkRules } from './rules';
import { sameJson } from './same';
import type { StackStore } from './store';
import { checkInlineSize, checkStoredSize, parseTemplate, type Template, templateError } from './template';

/** The members that requests for a deployment share. */
export type DeploymentRequest = Pick<
  Sdk.CreateChangeSetCommandInput,
  | 'StackName'
  | 'TemplateBody'
  | 'TemplateURL'
  | 'UsePreviousTemplate'
  | 'Parameters'
  | 'Tags'
  | 'Capabilities'
  | 'NotificationARNs'
>;

export interface Proposal extends Target {
  readonly changes: readonly ResourceChange[];
  /** Nothing would change. */
  readonly idle: boolean;
}

function sortedTags(tags: Tags): Tags {
  return tags.toSorted((left, right) => (left.Key < right.Key ? -1 : 1));
}

/** Reads what a client wants deployed, refuses what CloudFormation refuses at once, and says what would change. */
export class Proposals {
  constructor(
    private readonly cloud: Cloud,
    private readonly store: StackStore,
    private readonly handlerOf: (type: string) => ResourceType | undefined,
  ) {}

  /** Checks a template: form, references, types, and that each type has a handler. */
  validate(text: string): Template {
    const template = parseTemplate(text);
    checkBlocks(template);
    creationOrder(dependencyGraph(template, new Set(Object.keys(template.Resources))));
    const unknown = [...new Set(Object.values(template.Resources).map(({ Type }) => Type))].filter(
      (type) => this.handlerOf(type) === undefined,
    );
    if (unknown.length > 0) throw templateError(`Template format error: Unrecognized resource types: [${unknown.join(', ')}]`);
    return template;
  }

  /** The template of a request: inline, or an object in S3 named by URL. */
  async readTemplate(body: string | undefined, url: string | undefined, call: Call): Promise<string> {
    if (body !== undefined) {
      checkInlineSize(body);
      return body;
    }
    if (url === undefined) throw templateError('Either Template URL or Template Body must be specified.');
    const { hostname, pathname } = new URL(url);
    const parts = decodeURIComponent(pathname).slice(1).split('/');
    const virtual = /^(.+)\.s3[.-]/.exec(hostname)?.[1];
    const [bucket, key] = virtual === undefined ? [parts[0], parts.slice(1).join('/')] : [virtual, parts.join('/')];
    const { Body } = await this.cloud
      .call<{ Body: Buffer }>('s3', 'GetObject', { Bucket: bucket, Key: key }, call.caller)
      .catch((error: unknown) => {
        throw templateError(`S3 error: ${error instanceof Error ? error.message : String(error)}`);
      });
    const text = Body.toString('utf8');
    checkStoredSize(text);
    return text;
  }

  async propose(input: DeploymentRequest, stack: StackRecord | undefined, call: Call): Promise<Proposal> {
    if ((input.NotificationARNs ?? []).length > 0) throw templateError('The local AWS does not notify about stack events.');
    const previous = input.UsePreviousTemplate === true ? stack?.template : undefined;
    const text = previous ?? (await this.readTemplate(input.TemplateBody, input.TemplateURL, call));
    const template = this.validate(text);
    const capabilities = input.Capabilities ?? [];
    checkCapabilities(template, capabilities);
    const given = (input.Parameters ?? []).map((parameter) => ({
      key: parameter.ParameterKey ?? '',
      value: parameter.ParameterValue,
      usePrevious: parameter.UsePreviousValue === true,
    }));
    const parameters = await parameterValues(this.cloud, template, given, stack?.parameters ?? [], call.caller);
    const tags = sortedTags((input.Tags ?? []).map((tag) => ({ Key: tag.Key ?? '', Value: tag.Value ?? '' })));
    const target = { template: text, parameters, tags, capabilities };
    const changes = this.changes(stack, input.StackName ?? '', template, target);
    const idle =
      stack !== undefined && changes.length === 0 && sameJson(tags, stack.tags) && !this.outputsChange(stack, template);
    return { ...target, changes, idle };
  }

  private changes(
    stack: StackRecord | undefined,
    name: string,
    template: Template,
    { parameters, tags }: Target,
  ): ResourceChange[] {
    const identity = stack ?? { id: '', name };
    const existing = new Map(this.store.resourcesOf(identity.id).map((record) => [record.logicalId, record]));
    const exact = stackScope(this.cloud, this.store, identity, template, parameters, existing, new Set());
    // What is not exported fails when the change set is executed: by then it may be.
    const exported = new Set(this.store.live().flatMap(({ outputs }) => outputs.map(({ exportName }) => exportName)));
    const scope = { ...exact, importValue: (name: string) => (exported.has(name) ? exact.importValue(name) : `import ${name}`) };
    checkRules(template, scope);
    const present = presentResources(template, scope);
    checkAbsent(template, scope, present);
    return describeChanges({
      template,
      former: stack === undefined ? template : parseTemplate(stack.template),
      tags,
      present,
      order: creationOrder(dependencyGraph(template, present)),
      existing,
      resolved: (id, property) => resolveProperty(template, id, property, scope),
    });
  }

  private outputsChange(stack: StackRecord, template: Template): boolean {
    return !sameJson(parseTemplate(stack.template).Outputs ?? {}, template.Outputs ?? {});
  }
}
