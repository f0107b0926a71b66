import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ACCOUNT, type Case, casesOf, fingerprint } from './cases';
import { exclusion } from './exclusions';
import { ourVerdict, type Verdict } from './ours';
import { shrunk } from './shrink';

// node --import tsx test/iam/policy/generated/record.ts BUNDLE SOURCE [SEED COUNT]: asks the evaluator in BUNDLE (a CommonJS file
// with iam-simulate's `runSimulation`) for its verdicts and writes them down; without differences but those that are excused.

interface Answer {
  readonly resultType: string;
  readonly overallResult?: 'Allowed' | 'ImplicitlyDenied' | 'ExplicitlyDenied';
  readonly result?: { readonly ignoredContextKeys?: readonly string[]; readonly analysis?: unknown };
  readonly results?: readonly { readonly ignoredContextKeys?: readonly string[] }[];
  readonly errors?: unknown;
}

type Simulate = (simulation: object, options: object) => Promise<Answer>;

async function theirs(simulate: Simulate, one: Case): Promise<{ verdict: Verdict | 'error'; answer: Answer }> {
  const named = (policy: unknown, index = 0): object => ({ name: `policy-${index}`, policy });
  const answer = await simulate(
    {
      request: {
        principal: one.who.arn,
        action: one.target.action,
        resource: { resource: one.target.resource, accountId: ACCOUNT },
        contextVariables: one.context,
      },
      identityPolicies: one.identity.map(named),
      serviceControlPolicies: [],
      resourceControlPolicies: [{ orgIdentifier: 'root', policies: [] }],
      ...(one.session === undefined ? {} : { sessionPolicy: one.session }),
      ...(one.resource === undefined ? {} : { resourcePolicy: one.resource }),
      ...(one.boundary === undefined ? {} : { permissionBoundaryPolicies: [named(one.boundary)] }),
    },
    { simulationMode: 'Strict' },
  );
  const verdicts = { Allowed: 'A', ImplicitlyDenied: 'I', ExplicitlyDenied: 'E' } as const;
  const ignored = [answer.result, ...(answer.results ?? [])].some((result) => (result?.ignoredContextKeys?.length ?? 0) > 0);
  if (answer.overallResult === undefined || ignored) return { verdict: 'error', answer };
  return { verdict: verdicts[answer.overallResult], answer };
}

/** Whether the two decide a case differently; one that the other does not take counts as different. */
const differing = (simulate: Simulate) => async (one: Case) => (await theirs(simulate, one)).verdict !== ourVerdict(one);

async function show(index: number, one: Case, simulate: Simulate): Promise<void> {
  const differs = differing(simulate);
  const open = async (less: Case): Promise<boolean> =>
    (await theirs(simulate, less)).verdict !== 'error' && (await differs(less)) && (await exclusion(less, differs)) === undefined;
  const { who, target, ...rest } = await shrunk(one, open);
  const { verdict, answer } = await theirs(simulate, { who, target, ...rest });
  const about = [ourVerdict({ who, target, ...rest }), verdict, who.arn, target.action, target.resource];
  console.log(index, ...about, JSON.stringify({ ...rest, errors: answer.errors, ignored: answer.result?.ignoredContextKeys }));
}

async function kindOf(simulate: Simulate, one: Case): Promise<string> {
  const { verdict } = await theirs(simulate, one);
  if (verdict === 'error') return 'not taken by the other';
  if (verdict === ourVerdict(one)) return 'same';
  return (await exclusion(one, differing(simulate))) ?? 'DIFFERENT';
}

async function record(bundle: string, source: string, seed: number, count: number): Promise<void> {
  const { runSimulation } = (await import(resolve(bundle))) as { runSimulation: Simulate };
  const kinds: Record<string, number> = {};
  let verdicts = '';
  const cases = casesOf(seed, count);
  for (const [index, one] of cases.entries()) {
    const kind = await kindOf(runSimulation, one);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    if (kind === 'DIFFERENT' && kinds[kind] <= SHOWN) await show(index, one, runSimulation);
    verdicts += kind === 'same' ? ourVerdict(one) : '-';
  }
  console.log(kinds);
  if (kinds.DIFFERENT !== undefined) throw new Error(`${kinds.DIFFERENT} differences are not explained`);
  const table = { source, seed, count, cases: fingerprint(cases), kinds, verdicts };
  writeFileSync(join(__dirname, 'verdicts.json'), `${JSON.stringify(table, null, 2)}\n`);
}

const SHOWN = 30;
const [bundle = '', source = '', seed = '5', count = '6000'] = process.argv.slice(2);
void record(bundle, source, Number(seed), Number(count));
