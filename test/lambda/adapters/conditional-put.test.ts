import { ConditionalCheckFailedException, type DynamoDBClient, type PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ABSENT, putIf, unchanged } from '../../../lambda/adapters/conditional-put';

function client(answer: Error | undefined) {
  const inputs: PutItemCommand['input'][] = [];
  const send = async ({ input }: PutItemCommand) => {
    inputs.push(input);
    if (answer !== undefined) throw answer;
    return {};
  };
  return { inputs, client: { send } as unknown as DynamoDBClient };
}

const item = { pk: { S: 'a' } };

test('an item is written under its condition', async () => {
  const { inputs, client: dynamo } = client(undefined);

  await expect(putIf(dynamo, 't', item, ABSENT)).resolves.toBe(true);

  expect(inputs).toEqual([{ TableName: 't', Item: item, ConditionExpression: 'attribute_not_exists(pk)' }]);
});

test('a faster writer is an answer, not an error', async () => {
  const failed = new ConditionalCheckFailedException({ message: 'no', $metadata: {} });

  await expect(putIf(client(failed).client, 't', item, ABSENT)).resolves.toBe(false);
});

test('any other failure is one', async () => {
  await expect(putIf(client(new Error('away')).client, 't', item, ABSENT)).rejects.toThrow('away');
});

test('what was read is compared by name, since names may be words of DynamoDB', () => {
  expect(unchanged({ token: 3, expiresAt: 9 })).toEqual({
    ConditionExpression: '#token = :token AND #expiresAt = :expiresAt',
    ExpressionAttributeNames: { '#token': 'token', '#expiresAt': 'expiresAt' },
    ExpressionAttributeValues: { ':token': { N: '3' }, ':expiresAt': { N: '9' } },
  });
});
