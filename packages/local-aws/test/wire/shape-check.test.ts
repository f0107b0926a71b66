import { sdkModel } from '../../src/wire/sdk-model';
import { checkShape } from '../../src/wire/shape-check';

function check(sdk: string, operation: string, input: unknown): void {
  const model = sdkModel(sdk).operations.get(operation);
  if (model === undefined) throw new Error(`no ${operation}`);
  checkShape(model.input, input);
}

test.each([
  ['@aws-sdk/client-kms', 'Encrypt', { KeyId: 'k', Plaintext: Buffer.from('x'), EncryptionContext: { a: 'b' }, Unknown: 1 }],
  ['@aws-sdk/client-dynamodb', 'PutItem', { TableName: 't', Item: { a: { M: { b: { L: [{ N: '1' }, { BOOL: true }] } } } } }],
  ['@aws-sdk/client-ssm', 'PutParameter', { Name: 'n', Value: 'v', Overwrite: null }],
])('%s %s takes what fits', (sdk, operation, input) => {
  expect(() => check(sdk, operation, input)).not.toThrow();
});

test.each([
  ['@aws-sdk/client-kms', 'Encrypt', { KeyId: 1 }, 'KeyId is not of the type string'],
  ['@aws-sdk/client-kms', 'Encrypt', { EncryptionContext: { a: ['b'] } }, 'EncryptionContext is not of the type string'],
  ['@aws-sdk/client-dynamodb', 'PutItem', { Item: { a: { L: { N: '1' } } } }, 'Item.L is not of the type list'],
  ['@aws-sdk/client-dynamodb', 'PutItem', { Item: ['a'] }, 'Item is not of the type map'],
  ['@aws-sdk/client-ssm', 'PutParameter', { Overwrite: 'yes' }, 'Overwrite is not of the type boolean'],
  ['@aws-sdk/client-ssm', 'PutParameter', [], 'the input is not of the type structure'],
])('%s %s refuses what does not: %j', (sdk, operation, input, message) => {
  expect(() => check(sdk, operation, input)).toThrow(message);
});
