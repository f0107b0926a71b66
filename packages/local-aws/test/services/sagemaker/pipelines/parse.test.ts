import { dependencies } from '../../../../src/services/sagemaker/pipelines/definition';
import { parseDefinition } from '../../../../src/services/sagemaker/pipelines/parse';

const parse = (steps: object[], rest: object = {}) =>
  parseDefinition(JSON.stringify({ Version: '2020-12-01', Steps: steps, ...rest }));
const fail = (name: string, rest: object = {}) => ({ Name: name, Type: 'Fail', Arguments: { ErrorMessage: 'no' }, ...rest });
const train = (name: string, rest: object = {}) => ({ Name: name, Type: 'Training', Arguments: {}, ...rest });
const always = { Type: 'Equals', LeftValue: 1, RightValue: 1 };

describe('parseDefinition', () => {
  it('reads steps of branches with the condition that they wait for', () => {
    const { steps } = parse([
      train('Train'),
      {
        Name: 'Gate',
        Type: 'Condition',
        Arguments: {
          Conditions: [
            { Type: 'Not', Condition: { ...always, LeftValue: { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' } } },
          ],
          IfSteps: [train('Again', { DependsOn: ['Train'] })],
          ElseSteps: [fail('Refused')],
        },
      },
    ]);

    expect(steps.map((step) => [step.name, [...dependencies(step)], step.branch?.outcome])).toEqual([
      ['Train', [], undefined],
      ['Gate', ['Train'], undefined],
      ['Again', ['Train', 'Gate'], true],
      ['Refused', ['Gate'], false],
    ]);
  });

  it.each([
    ['P7D', 7 * 86_400_000],
    ['PT1H', 3_600_000],
    ['30d', 30 * 86_400_000],
    ['T16m', 16 * 60_000],
    ['30dT5h', 30 * 86_400_000 + 5 * 3_600_000],
  ])('reads the cache time %s', (ExpireAfter, expected) => {
    const { steps } = parse([train('Train', { CacheConfig: { Enabled: true, ExpireAfter } })]);

    expect(steps[0]?.cacheMs).toBe(expected);
  });

  it.each<[string, object[], object, string]>([
    ['another version', [train('A')], { Version: '1' }, "Version must be '2020-12-01', found '1'"],
    ['no steps', [], {}, 'Steps must have at least one step'],
    [
      'an unknown type',
      [{ Name: 'A', Type: 'EMR', Arguments: {} }],
      {},
      "Type of step 'A' is 'EMR', the local AWS knows Processing",
    ],
    ['an unknown key', [train('A', { Colour: 1 })], {}, "step 'A' has the unknown key 'Colour'"],
    ['a name twice', [train('A'), train('A')], {}, "step 'A' is declared twice"],
    [
      'an unknown parameter',
      [train('A', { Arguments: { x: { Get: 'Parameters.P' } } })],
      {},
      "step 'A' reads 'Parameters.P', but there is no such parameter",
    ],
    ['an unknown step', [train('A', { DependsOn: ['B'] })], {}, "step 'A' depends on 'B', but there is no such step"],
    ['waiting for a Fail step', [fail('F'), train('A', { DependsOn: ['F'] })], {}, "step 'A' depends on the Fail step 'F'"],
    ['a circle', [train('A', { DependsOn: ['B'] }), train('B', { DependsOn: ['A'] })], {}, 'in a circle: A -> B -> A'],
    [
      'a default of another type',
      [train('A')],
      { Parameters: [{ Name: 'P', Type: 'Integer', DefaultValue: 1.5 }] },
      "DefaultValue of parameter 'P' is not of type Integer",
    ],
    [
      'a condition in a branch',
      [
        {
          Name: 'A',
          Type: 'Condition',
          Arguments: { Conditions: [always], IfSteps: [{ Name: 'B', Type: 'Condition', Arguments: { Conditions: [always] } }] },
        },
      ],
      {},
      "condition step 'B' stands in a branch of 'A'",
    ],
  ])('refuses %s', (_, steps, rest, message) => {
    expect(() => parse(steps, rest)).toThrow(message);
  });

  it('tells all that is wrong at once', () => {
    expect(() => parse([train('A', { Colour: 1, DependsOn: ['B'] })])).toThrow(
      "Unable to parse pipeline definition. step 'A' has the unknown key 'Colour'; step 'A' depends on 'B', but there is no such step",
    );
  });
});
