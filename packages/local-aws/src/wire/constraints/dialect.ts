import { AwsError } from '../../errors';

/** A demand that a value does not meet. `shown` is the value as text, undefined if it must not be shown. */
export interface Violation {
  readonly path: string;
  readonly shown: string | undefined;
  readonly demand: string;
}

/** How a service tells what is wrong with an input. */
type Dialect = (violations: readonly Violation[]) => AwsError;

const quoted = ({ shown }: Violation): string =>
  shown === undefined ? 'Value' : shown === 'null' ? 'Value null' : `Value '${shown}'`;

/** The words of most services: `2 validation errors detected: Value 'x' at 'streamName' failed to satisfy constraint: ...; ...`. */
function listing(code: string): Dialect {
  return (violations) => {
    const problems = violations.map((it) => `${quoted(it)} at '${it.path}' failed to satisfy constraint: ${it.demand}`);
    const count = `${problems.length} validation error${problems.length > 1 ? 's' : ''} detected`;
    return new AwsError(code, `${count}: ${problems.join('; ')}`, { status: 400 });
  };
}

/** ECR tells the first problem only, and without the value. */
const ecr: Dialect = ([first]) => {
  const demand = (first?.demand ?? '').replace(/^Member /, '').replace(/pattern: (.*)$/, "'$1'");
  return new AwsError(
    'InvalidParameterException',
    `Invalid parameter at '${first?.path}' failed to satisfy constraint: '${demand}'`,
  );
};

/** SQS names what is missing. */
const sqs: Dialect = ([first]) => {
  const name = `${first?.path.charAt(0).toUpperCase()}${first?.path.slice(1)}`;
  return new AwsError('MissingParameter', `The request must contain the parameter ${name}.`, { status: 400 });
};

const IAM_NAME = 'Member must satisfy regular expression pattern: [\\w+=,.@-]+';

/** IAM has words of its own for a name that holds what it may not. */
const iam: Dialect = (violations) => {
  const name = violations.find(({ demand }) => demand === IAM_NAME);
  if (name === undefined) return listing('ValidationError')(violations);
  const text = `The specified value for ${name.path} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`;
  return new AwsError('ValidationError', text, { status: 400 });
};

const DIALECTS: Readonly<Record<string, Dialect>> = {
  athena: listing('InvalidRequestException'),
  cloudformation: listing('ValidationError'),
  cloudwatch: listing('ValidationError'),
  'cognito-idp': listing('InvalidParameterException'),
  ecr,
  iam,
  logs: listing('InvalidParameterException'),
  'sagemaker-featurestore-runtime': listing('ValidationError'),
  'sagemaker-runtime': listing('ValidationError'),
  sns: listing('ValidationError'),
  sqs,
  sts: listing('ValidationError'),
};
const DEFAULT_DIALECT = listing('ValidationException');

/** The error with which a service answers an input that does not meet its model's demands. */
export function violationError(service: string, violations: readonly Violation[]): AwsError {
  return (DIALECTS[service] ?? DEFAULT_DIALECT)(violations);
}
