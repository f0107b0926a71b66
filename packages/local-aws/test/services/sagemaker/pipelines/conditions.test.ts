import { allHold } from '../../../../src/services/sagemaker/pipelines/conditions';
import type { Condition } from '../../../../src/services/sagemaker/pipelines/definition';
import type { Scope } from '../../../../src/services/sagemaker/pipelines/resolve';

const scope: Scope = {
  parameter: () => 0.8,
  execution: () => undefined,
  outputs: () => undefined,
  propertyFile: () => undefined,
  readJson: async () => undefined,
};
const auc = { Get: 'Parameters.Auc' };

describe('allHold', () => {
  it.each<[string, Condition[], boolean]>([
    ['Equals of the same value', [{ type: 'Equals', left: true, right: true }], true],
    ['Equals of a boolean and its text', [{ type: 'Equals', left: 'true', right: true }], false],
    ['GreaterThanOrEqualTo at the bound', [{ type: 'GreaterThanOrEqualTo', left: auc, right: 0.8 }], true],
    ['GreaterThan at the bound', [{ type: 'GreaterThan', left: auc, right: 0.8 }], false],
    ['LessThan', [{ type: 'LessThan', left: auc, right: 1 }], true],
    ['In', [{ type: 'In', query: 'b', values: ['a', 'b'] }], true],
    ['Not', [{ type: 'Not', condition: { type: 'Equals', left: 1, right: 1 } }], false],
    [
      'Or',
      [
        {
          type: 'Or',
          conditions: [
            { type: 'Equals', left: 1, right: 2 },
            { type: 'LessThanOrEqualTo', left: 1, right: 1 },
          ],
        },
      ],
      true,
    ],
    [
      'all of several',
      [
        { type: 'Equals', left: 1, right: 1 },
        { type: 'Equals', left: 1, right: 2 },
      ],
      false,
    ],
  ])('decides %s', async (_, conditions, expected) => {
    expect(await allHold(conditions, scope)).toBe(expected);
  });

  it('refuses to order a number and a text', async () => {
    await expect(allHold([{ type: 'LessThan', left: auc, right: '1' }], scope)).rejects.toThrow(
      'LessThan cannot compare 0.8 with "1"',
    );
  });
});
