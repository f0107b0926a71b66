import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Platform } from '../../core/definition';
import { names } from '../../core/naming';
import { policyPacks } from '../../lib/policy/policy-packs';
import { type Artefacts, FUNCTIONS } from '../../lib/shared/artefacts';
import { createPlatformStacks } from '../../lib/stacks/platform-stacks';

export const STACKS = ['foundation', 'data', 'models', 'serving', 'application'] as const;
export type StackName = (typeof STACKS)[number];

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
}

export interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
  readonly Effect: string;
}

/** Stands for bundles and archives, which tests of templates do not look into; building them takes most of a synthesis. */
function emptyArtefacts(folder: string): Artefacts {
  const file = (name: string): string => {
    writeFileSync(join(folder, name), name);
    return join(folder, name);
  };
  for (const name of FUNCTIONS) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.js'), '');
  }
  return {
    bundle: (name) => join(folder, name),
    source: (algorithm) => file(`${algorithm}-source.tar.gz`),
    baseline: (model) => ({
      path: file(`${model}.tar.gz`),
      digest: `sha256:${createHash('sha256').update(model).digest('hex')}`,
    }),
  };
}

/** One template as it is deployed. */
interface SynthesizedStack {
  readonly name: string;
  readonly template: Record<string, unknown>;
  /** Size of the file that is uploaded. */
  readonly bytes: number;
  readonly terminationProtection: boolean;
}

export interface SynthesisOptions {
  /**
   * Whether the policy packs of bin/app.ts and CDK's own rules judge the templates; what the packs find throws.
   *
   * @default false: they take longer than the synthesis
   */
  readonly packs?: boolean;
}

/** A platform's stages as constructs, not synthesized yet; the folder holds what stands for bundles. */
export function stagesOf(platform: Platform, folder: string, { packs = false }: SynthesisOptions = {}): App {
  const context = (JSON.parse(readFileSync(join(__dirname, '..', '..', 'cdk.json'), 'utf8')) as { context: object }).context;
  // CDK's own rules start a WebAssembly module, which takes longer than everything else here.
  const app = new App({
    context,
    analyticsReporting: false,
    outdir: join(folder, 'assembly'),
    builtinCloudFormationValidation: packs,
  });
  const artefacts = emptyArtefacts(folder);
  for (const stage of platform.stages) createPlatformStacks(app, { platform, stage, names: names(stage.name), artefacts });
  if (packs) Validations.of(app).addPlugins(...policyPacks(app));
  return app;
}

function synthesize(platform: Platform, options: SynthesisOptions): SynthesizedStack[] {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-templates-'));
  try {
    return stagesOf(platform, folder, options)
      .synth()
      .stacks.map(({ stackName, template, templateFullPath, terminationProtection }) => ({
        name: stackName,
        template,
        bytes: statSync(templateFullPath).size,
        terminationProtection: terminationProtection === true,
      }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The templates of a platform's stages, synthesized once. */
export class StageTemplates {
  private readonly stacks: ReadonlyMap<string, SynthesizedStack>;
  private readonly templates = new Map<string, Template>();

  /** @param keep runs the synthesis, or gives what an earlier one of the same sources has given */
  constructor(
    platform: Platform,
    options: SynthesisOptions = {},
    keep: (make: () => SynthesizedStack[]) => SynthesizedStack[] = (make) => make(),
  ) {
    this.stacks = new Map(keep(() => synthesize(platform, options)).map((stack) => [stack.name, stack]));
  }

  template(stage: string, stack: StackName): Template {
    const { name, template } = this.stack(stage, stack);
    const known = this.templates.get(name) ?? Template.fromJSON(template);
    this.templates.set(name, known);
    return known;
  }

  isProtected(stage: string, stack: StackName): boolean {
    return this.stack(stage, stack).terminationProtection;
  }

  /** Size of a template as it is uploaded. */
  bytes(stage: string, stack: StackName): number {
    return this.stack(stage, stack).bytes;
  }

  private stack(stage: string, stack: StackName): SynthesizedStack {
    return found(this.stacks.get(names(stage).of(stack)), `stack ${stack} of ${stage}`);
  }

  resources(stage: string, stack: StackName): [string, Resource][] {
    return Object.entries(this.template(stage, stack).toJSON().Resources as Record<string, Resource>);
  }

  /** Properties of one resource, found by its logical id without the hash; references as texts. */
  properties(stage: string, stack: StackName, id: string): Readonly<Record<string, unknown>> {
    const matches = this.resources(stage, stack).filter(([logicalId]) => withoutHash(logicalId) === id);
    if (matches.length > 1) throw new Error(`${matches.length} resources '${id}' in ${stack} of ${stage}`);
    const [, { Properties }] = found(matches[0], `resource '${id}' in ${stack} of ${stage}`);
    return Object.fromEntries(Object.entries(Properties ?? {}).map(([name, value]) => [name, readable(value)]));
  }

  /** Properties of every resource of a type, in the order of the template; references as texts. */
  propertiesOf(stage: string, stack: StackName, type: string): Readonly<Record<string, unknown>>[] {
    return this.resources(stage, stack)
      .filter(([, { Type }]) => Type === type)
      .map(([id]) => this.properties(stage, stack, withoutHash(id)));
  }

  /** Every resource of a stage. */
  all(stage: string): [string, Resource][] {
    return STACKS.flatMap((stack) => this.resources(stage, stack));
  }

  /** Statements of the inline policies of a role, found by the begin of its logical id. */
  statements(stage: string, stack: StackName, role: string): Statement[] {
    const policies = this.resources(stage, stack).filter(
      ([, { Type, Properties }]) =>
        Type === 'AWS::IAM::Policy' &&
        ((Properties.Roles ?? []) as { Ref?: string }[]).some(({ Ref }) => Ref?.replace(/[0-9A-F]{8}$/, '') === role),
    );
    const statements = policies.flatMap(
      ([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement,
    );
    if (statements.length === 0) throw new Error(`no policy of a role '${role}' in ${stack} of ${stage}`);
    return statements;
  }

  /** Actions of a role by the resources that they are allowed on, as texts. */
  grants(stage: string, stack: StackName, role: string): Record<string, readonly string[]> {
    return byAction(this.statements(stage, stack, role));
  }

  /** Conditions of a role's statements, by action; references as texts. */
  conditions(stage: string, stack: StackName, role: string): Record<string, unknown> {
    return Object.fromEntries(
      this.statements(stage, stack, role).flatMap(({ Action, Condition }) =>
        Condition === undefined ? [] : [Action].flat().map((action) => [action, readable(Condition)]),
      ),
    );
  }

  /** Who may act in a role: the statements of its trust policy. */
  trust(stage: string, stack: StackName, role: string): unknown {
    return (this.properties(stage, stack, role).AssumeRolePolicyDocument as { Statement: unknown }).Statement;
  }
}

/** Actions of statements by the resources that they are allowed on, as texts. */
export function byAction(statements: readonly Statement[]): Record<string, readonly string[]> {
  const resources: Record<string, string[]> = {};
  for (const { Action, Resource } of statements)
    for (const action of [Action].flat())
      resources[action] = [...(resources[action] ?? []), ...[Resource].flat().map(shortened)].toSorted();
  return resources;
}

/** An ARN without what every one of them has: `sagemaker:endpoint/x` for one of the own account and region. */
function shortened(resource: unknown): string {
  return textOf(resource).replace(/^arn:<AWS::Partition>:([a-z0-9-]*):(<AWS::Region>)?:(<AWS::AccountId>)?:/, '$1:');
}

/** A value of a template as a text: references by their name in angle brackets. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  const [entry] = Object.entries(value);
  if (entry === undefined) return '{}';
  const [name, argument] = entry as [string, unknown];
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(textOf).join((argument as [string])[0]);
  if (name === 'Ref') return `<${withoutHash(String(argument))}>`;
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).map(withoutHash).join('.')}>`;
  if (name === 'Fn::FindInMap') return `<${textOf((argument as unknown[])[0])}.${textOf((argument as unknown[])[2])}>`;
  if (name === 'Fn::Sub') return String(argument).replace(/\$\{([^}]*)\}/g, '<$1>');
  if (name === 'Fn::ImportValue') return `<${withoutHash(textOf(argument))}>`;
  return JSON.stringify(value);
}

/** A value of a template with references as texts, however deep they are. */
function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first !== undefined && entries.length === 1 && /^(Ref|Fn::.*)$/.test(first[0])) return textOf(value);
  return Object.fromEntries(entries.map(([name, it]) => [name, readable(it)]));
}

function withoutHash(id: string): string {
  return id.replace(/^.*:ExportsOutput(Ref|FnGetAtt)/, '').replace(/([0-9A-F]{8})+(?=$|Arn|GroupId)/g, '');
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`no ${what}`);
  return value;
}
