import { PutItemCommand, TransactGetItemsCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { key, TableName, TilesTable } from './tiles-table';

const table = new TilesTable();

beforeAll(() => table.create());
afterAll(() => table.remove());

test('updates set, add, remove and delete, each against the item as it was', async () => {
  await table.put('u', 1, {
    n: { N: '0.1' },
    tags: { SS: ['a', 'b'] },
    list: { L: [{ N: '1' }, { N: '2' }, { N: '3' }] },
    nest: { M: { x: { N: '1' }, gone: { S: '' } } },
  });
  const { Attributes } = await table
    .update(
      'u',
      1,
      'SET n = n + :d, made = if_not_exists(made, :d), #l = list_append(#l, :more), nest.#y = nest.x - :d REMOVE nest.gone, #l[0], #l[1] ADD hits :one DELETE tags :b',
      {
        ExpressionAttributeNames: { '#l': 'list', '#y': 'year' },
        ExpressionAttributeValues: {
          ':d': { N: '0.2' },
          ':one': { N: '1' },
          ':more': { L: [{ S: 'z' }] },
          ':b': { SS: ['b'] },
        },
        ReturnValues: 'ALL_NEW',
      },
    )
    .catch((error: Error) => ({ Attributes: error.message as never }));
  expect(Attributes).toBe(
    'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [list], path two: [list, [0]]',
  );

  const done = await table.update(
    'u',
    1,
    'SET n = n + :d, made = if_not_exists(made, :d), nest.#y = nest.x - :d REMOVE nest.gone, #l[0], #l[1] ADD hits :one DELETE tags :b',
    {
      ExpressionAttributeNames: { '#l': 'list', '#y': 'year' },
      ExpressionAttributeValues: { ':d': { N: '0.2' }, ':one': { N: '1' }, ':b': { SS: ['b'] } },
      ReturnValues: 'ALL_NEW',
    },
  );
  expect(done.Attributes).toEqual({
    ...key('u', 1),
    n: { N: '0.3' },
    made: { N: '0.2' },
    hits: { N: '1' },
    tags: { SS: ['a'] },
    list: { L: [{ N: '3' }] },
    nest: { M: { x: { N: '1' }, year: { N: '0.8' } } },
  });
});

test('conditions decide over writes', async () => {
  await table.put('c', 1, { state: { S: 'open' }, tags: { SS: ['a'] }, n: { N: '5' }, list: { L: [{ S: 'x' }] } });
  const check = (ConditionExpression: string, values?: object, names?: Record<string, string>) =>
    table
      .update('c', 1, 'SET touched = :now', {
        ConditionExpression,
        ExpressionAttributeValues: { ':now': { N: '1' }, ...values },
        ...(names && { ExpressionAttributeNames: names }),
      })
      .then(
        () => true,
        (error: Error) => (error.name === 'ConditionalCheckFailedException' ? false : error.message),
      );
  const s = { '#s': 'state' };

  expect(await check('attribute_exists(pk) AND NOT attribute_exists(absent)')).toBe(true);
  expect(
    await check(
      '#s IN (:a, :b) and n BETWEEN :lo AND :hi',
      { ':a': { S: 'shut' }, ':b': { S: 'open' }, ':lo': { N: '1' }, ':hi': { N: '5.0' } },
      s,
    ),
  ).toBe(true);
  expect(
    await check(
      'begins_with(#s, :o) AND contains(tags, :t) AND size(list[0]) = :one',
      { ':o': { S: 'op' }, ':t': { S: 'a' }, ':one': { N: '1' } },
      { ...s },
    ).catch(String),
  ).toContain('reserved keyword: list');
  expect(
    await check(
      'begins_with(#s, :o) AND contains(tags, :t) AND size(#l[0]) = :one',
      { ':o': { S: 'op' }, ':t': { S: 'a' }, ':one': { N: '1' } },
      { ...s, '#l': 'list' },
    ),
  ).toBe(true);
  expect(await check('(n < :x OR n > :x) AND attribute_type(n, :t)', { ':x': { N: '5' }, ':t': { S: 'N' } })).toBe(false);
  expect(await check('absent <> :x', { ':x': { N: '5' } })).toBe(true);
  expect(await check('absent < :x', { ':x': { N: '5' } })).toBe(false);
  expect(await check('n = :x', { ':x': { N: '5' }, ':y': { N: '5' } })).toBe(
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:y}',
  );
  expect(await check('n = = :x', { ':x': { N: '5' } })).toMatch(/^Invalid ConditionExpression: Syntax error; token: "="/);
  const refused = table.client.send(
    new PutItemCommand({
      TableName,
      Item: key('c', 1),
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
  await expect(refused).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    message: 'The conditional request failed',
    Item: { state: { S: 'open' } },
  });
});

test('concurrent updates of one item lose nothing', async () => {
  await Promise.all(
    Array.from({ length: 40 }, () =>
      table.update('race', 1, 'ADD n :one', { ExpressionAttributeValues: { ':one': { N: '1' } } }),
    ),
  );
  expect((await table.get('race', 1))?.n).toEqual({ N: '40' });
});

test('a transaction writes all or nothing, says why not, and once per token', async () => {
  await table.put('t', 1, { n: { N: '1' } });
  const transact = (condition: string, token?: string) =>
    table.client.send(
      new TransactWriteItemsCommand({
        ...(token && { ClientRequestToken: token }),
        TransactItems: [
          { Put: { TableName, Item: { ...key('t', 2), n: { N: '2' } } } },
          {
            Update: {
              TableName,
              Key: key('t', 1),
              UpdateExpression: 'ADD n :one',
              ConditionExpression: condition,
              ExpressionAttributeValues: { ':one': { N: '1' } },
            },
          },
          { ConditionCheck: { TableName, Key: key('t', 3), ConditionExpression: 'attribute_not_exists(pk)' } },
        ],
      }),
    );

  await expect(transact('n > :one')).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None]',
    CancellationReasons: [
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      { Code: 'None' },
    ],
  });
  expect(await table.get('t', 2)).toBeUndefined();
  await transact('n = :one', 'token-1');
  await transact('n = :one', 'token-1');
  const { Responses } = await table.client.send(
    new TransactGetItemsCommand({ TransactItems: [1, 2].map((sk) => ({ Get: { TableName, Key: key('t', sk) } })) }),
  );
  expect(Responses?.map(({ Item }) => Item?.n?.N)).toEqual(['2', '2']);
  await expect(transact('n > :one', 'token-1')).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
});
