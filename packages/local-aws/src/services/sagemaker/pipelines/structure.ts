import { type Definition, dependencies, referencesOf, type Step, stepIn } from './definition';

const EXECUTION_FACTS = [
  'PipelineName',
  'PipelineArn',
  'PipelineExecutionId',
  'PipelineExecutionArn',
  'StartDateTime',
  'CurrentDateTime',
  'TrainingJobName',
  'ProcessingJobName',
];

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function pathProblem(path: string, step: Step, definition: Definition): string[] {
  const at = `step '${step.name}' reads '${path}'`;
  const [root, name = ''] = path.split('.');
  if (root === 'Parameters')
    return definition.parameters.some((parameter) => parameter.name === name) ? [] : [`${at}, but there is no such parameter`];
  if (root === 'Execution')
    return EXECUTION_FACTS.includes(name) ? [] : [`${at}, but an execution has only ${EXECUTION_FACTS.join(', ')}`];
  const target = definition.steps.find((candidate) => candidate.name === stepIn(path));
  if (target === undefined) return [`${at}, but there is no such step`];
  if (target.type === 'Fail') return [`${at}, but a Fail step has no properties`];
  const file = /^Steps\.[^.]+\.PropertyFiles\.(.+)$/.exec(path)?.[1];
  if (file !== undefined && !target.propertyFiles.some((candidate) => candidate.name === file))
    return [`${at}, but step '${target.name}' has no such property file`];
  return [];
}

function stepProblems(step: Step, definition: Definition): string[] {
  const problems = referencesOf(step).flatMap((path) => pathProblem(path, step, definition));
  for (const name of step.dependsOn) {
    const target = definition.steps.find((candidate) => candidate.name === name);
    if (target === undefined) problems.push(`step '${step.name}' depends on '${name}', but there is no such step`);
    else if (target.type === 'Fail') problems.push(`step '${step.name}' depends on the Fail step '${name}'`);
  }
  return problems;
}

/** Names along a circle of dependencies; empty if there is none. */
function circle(definition: Definition): string[] {
  const edges = new Map(definition.steps.map((step) => [step.name, [...dependencies(step)]]));
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return [];
    for (const next of edges.get(name) ?? []) {
      const found = visit(next, [...path, name]);
      if (found.length > 0) return found;
    }
    done.add(name);
    return [];
  };
  for (const { name } of definition.steps) {
    const found = visit(name, []);
    if (found.length > 0) return found;
  }
  return [];
}

/** What is wrong with a definition whose parts are right each by itself: names, references, circles. */
export function structureProblems(definition: Definition): string[] {
  const around = circle(definition);
  return [
    ...repeated(definition.parameters.map(({ name }) => name)).map((name) => `parameter '${name}' is declared twice`),
    ...repeated(definition.steps.map(({ name }) => name)).map((name) => `step '${name}' is declared twice`),
    ...definition.steps.flatMap((step) => stepProblems(step, definition)),
    ...(around.length === 0 ? [] : [`steps depend on each other in a circle: ${around.join(' -> ')}`]),
  ];
}
