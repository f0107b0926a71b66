import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { LocalCloud } from '../../../src/server';

const START = Date.UTC(2030, 0, 1);
const HOUR_MS = 3_600_000;
const stateDir = mkdtempSync(join(tmpdir(), 'dynamodb-'));
let cloud: LocalCloud;
let client: DynamoDBClient;

async function open(): Promise<void> {
  cloud = await LocalCloud.start({ stateDir, startAt: START });
  const credentials = await cloud.identities.root();
  client = new DynamoDBClient({ region: cloud.region, endpoint: cloud.endpoint, credentials, maxAttempts: 1 });
}

async function close(): Promise<void> {
  client.destroy();
  await cloud.stop();
}

beforeAll(async () => {
  await open();
  await client.send(
    new CreateTableCommand({
      TableName: 'tiles',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'N' },
        { AttributeName: 'city', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-city',
          KeySchema: [
            { AttributeName: 'city', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
});

afterAll(async () => {
  await close();
  rmSync(stateDir, { recursive: true, force: true });
});

const TableName = 'tiles';
const key = (pk: string, sk: number | string) => ({ pk: { S: pk }, sk: { N: String(sk) } });
const get = async (pk: string, sk: number) =>
  (await client.send(new GetItemCommand({ TableName, Key: key(pk, sk), ConsistentRead: true }))).Item;
const put = (pk: string, sk: number | string, item: object = {}) =>
  client.send(new PutItemCommand({ TableName, Item: { ...key(pk, sk), ...item } }));
const update = (pk: string, sk: number, UpdateExpression: string, changes: Partial<UpdateItemCommandInput> = {}) =>
  client.send(new UpdateItemCommand({ TableName, Key: key(pk, sk), UpdateExpression, ...changes }));
const query = async (KeyConditionExpression: string, values: object, changes: Partial<QueryCommandInput> = {}) =>
  client.send(new QueryCommand({ TableName, KeyConditionExpression, ExpressionAttributeValues: values as never, ...changes }));
const sorts = (items: Record<string, { N?: string }>[] | undefined) => (items ?? []).map((item) => item.sk?.N);

test('numbers sort as numbers, and every sort condition selects its range in both directions', async () => {
  const numbers = ['-20', '-3.5', '0', '1e-5', '2', '10', '10.5', '1e20'];
  for (const number of [...numbers].reverse()) await put('order', number);
  const all = ['-20', '-3.5', '0', '0.00001', '2', '10', '10.5', '100000000000000000000'];
  const p = { ':p': { S: 'order' } };

  expect(sorts((await query('pk = :p', p)).Items)).toEqual(all);
  expect(sorts((await query('pk = :p', p, { ScanIndexForward: false })).Items)).toEqual([...all].reverse());
  const select = async (condition: string, values: object = { ':a': { N: '2' } }, changes = {}) =>
    sorts((await query(`pk = :p AND ${condition}`, { ...p, ...values }, changes)).Items);
  expect(await select('sk < :a')).toEqual(all.slice(0, 4));
  expect(await select('sk <= :a', undefined, { ScanIndexForward: false })).toEqual(all.slice(0, 5).reverse());
  expect(await select('sk > :a')).toEqual(all.slice(5));
  expect(await select('sk >= :a', undefined, { ScanIndexForward: false })).toEqual(all.slice(4).reverse());
  expect(await select('sk = :a')).toEqual(['2']);
  expect(await select('sk BETWEEN :a AND :b', { ':a': { N: '0' }, ':b': { N: '10' } })).toEqual(all.slice(2, 6));
});

test('a query is read page by page, and counts what its filter drops', async () => {
  for (const sk of [1, 2, 3, 4, 5]) await put('pages', sk, { odd: { BOOL: sk % 2 === 1 } });
  for (const ScanIndexForward of [true, false]) {
    const seen: (string | undefined)[] = [];
    let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
    do {
      const page = await query(
        'pk = :p',
        { ':p': { S: 'pages' } },
        { Limit: 2, ScanIndexForward, ...(ExclusiveStartKey && { ExclusiveStartKey }) },
      );
      seen.push(...sorts(page.Items));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    expect(seen).toEqual(ScanIndexForward ? ['1', '2', '3', '4', '5'] : ['5', '4', '3', '2', '1']);
  }
  const values = { ':p': { S: 'pages' }, ':t': { BOOL: true } };
  const page = await query('pk = :p', values, { FilterExpression: 'odd = :t', ProjectionExpression: 'sk' });
  expect(page).toMatchObject({ Count: 3, ScannedCount: 5, Items: [{ sk: { N: '1' } }, { sk: { N: '3' } }, { sk: { N: '5' } }] });
});

test('a global index shows the items that have its keys, as far as it projects them', async () => {
  await put('i1', 1, { city: { S: 'Rome' }, more: { S: 'x' } });
  await put('i2', 2, { city: { S: 'Rome' } });
  await put('i3', 3);
  await update('i2', 2, 'SET city = :c', { ExpressionAttributeValues: { ':c': { S: 'Oslo' } } });
  const rome = await query('city = :c', { ':c': { S: 'Rome' } }, { IndexName: 'by-city' });

  expect(rome.Items).toEqual([{ pk: { S: 'i1' }, sk: { N: '1' }, city: { S: 'Rome' } }]);
});

test('updates set, add, remove and delete, each against the item as it was', async () => {
  await put('u', 1, {
    n: { N: '0.1' },
    tags: { SS: ['a', 'b'] },
    list: { L: [{ N: '1' }, { N: '2' }, { N: '3' }] },
    nest: { M: { x: { N: '1' }, gone: { S: '' } } },
  });
  const { Attributes } = await update(
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
  ).catch((error: Error) => ({ Attributes: error.message as never }));
  expect(Attributes).toBe(
    'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [list], path two: [list, [0]]',
  );

  const done = await update(
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
  await put('c', 1, { state: { S: 'open' }, tags: { SS: ['a'] }, n: { N: '5' }, list: { L: [{ S: 'x' }] } });
  const check = (ConditionExpression: string, values?: object, names?: Record<string, string>) =>
    update('c', 1, 'SET touched = :now', {
      ConditionExpression,
      ExpressionAttributeValues: { ':now': { N: '1' }, ...values },
      ...(names && { ExpressionAttributeNames: names }),
    }).then(
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
  const refused = client.send(
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

test('wrong keys and values get the errors of DynamoDB', async () => {
  const wrong = (Item: object) => client.send(new PutItemCommand({ TableName, Item: Item as never }));
  await expect(wrong({ pk: { S: 'x' } })).rejects.toThrow(
    'One or more parameter values were invalid: Missing the key sk in the item',
  );
  await expect(wrong({ pk: { N: '1' }, sk: { N: '1' } })).rejects.toThrow('Type mismatch for key pk expected: S actual: N');
  await expect(wrong({ ...key('x', 1), n: { N: 'one' } })).rejects.toThrow(
    'The parameter cannot be converted to a numeric value: one',
  );
  await expect(wrong({ ...key('x', 1), big: { S: 'x'.repeat(410_000) } })).rejects.toThrow(
    'Item size has exceeded the maximum allowed size',
  );
  await expect(client.send(new GetItemCommand({ TableName, Key: { pk: { S: 'x' } } }))).rejects.toThrow(
    'The provided key element does not match the schema',
  );
  await expect(update('x', 1, 'SET pk = :x', { ExpressionAttributeValues: { ':x': { S: 'y' } } })).rejects.toThrow(
    'Cannot update attribute pk. This attribute is part of the key',
  );
  await expect(client.send(new GetItemCommand({ TableName: 'none', Key: key('x', 1) }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a transaction writes all or nothing, says why not, and once per token', async () => {
  await put('t', 1, { n: { N: '1' } });
  const transact = (condition: string, token?: string) =>
    client.send(
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
  expect(await get('t', 2)).toBeUndefined();
  await transact('n = :one', 'token-1');
  await transact('n = :one', 'token-1');
  const { Responses } = await client.send(
    new TransactGetItemsCommand({ TransactItems: [1, 2].map((sk) => ({ Get: { TableName, Key: key('t', sk) } })) }),
  );
  expect(Responses?.map(({ Item }) => Item?.n?.N)).toEqual(['2', '2']);
  await expect(transact('n > :one', 'token-1')).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
});

test('concurrent updates of one item lose nothing', async () => {
  await Promise.all(
    Array.from({ length: 40 }, () => update('race', 1, 'ADD n :one', { ExpressionAttributeValues: { ':one': { N: '1' } } })),
  );
  expect((await get('race', 1))?.n).toEqual({ N: '40' });
});

test('batches write and read many items, and a scan finds them all', async () => {
  const requests = Array.from({ length: 25 }, (_, sk) => ({
    PutRequest: { Item: { ...key('batch', sk), b: { B: Buffer.from([sk]) } } },
  }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
  const { Responses } = await client.send(
    new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key('batch', 3), key('batch', 99)] } } }),
  );
  const scan = await client.send(
    new ScanCommand({
      TableName,
      FilterExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'batch' } },
      Select: 'COUNT',
    }),
  );

  expect(Responses?.[TableName]?.map((item) => [...(item.b?.B ?? [])])).toEqual([[3]]);
  expect(scan.Count).toBe(25);
});

test('items survive a restart, and an expired item is deleted within an hour of the clock', async () => {
  await client.send(
    new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } }),
  );
  const soon = cloud.clock.now() / 1000 + 60;
  await put('ttl', 1, { expires: { N: String(Math.floor(soon)) } });
  await put('ttl', 2, { expires: { N: String(Math.floor(soon + 10 * 3600)) } });
  await close();
  await open();

  expect(await get('ttl', 1)).toBeDefined();
  await cloud.clock.advance(2 * HOUR_MS);
  expect(await get('ttl', 1)).toBeUndefined();
  expect(await get('ttl', 2)).toBeDefined();
});

test('a table can be described and deleted, and leaves nothing behind', async () => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', TableArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/tiles' });
  await client.send(new DeleteTableCommand({ TableName }));

  expect([...cloud.storage.table('dynamodb/items').entries()]).toEqual([]);
  await expect(client.send(new DescribeTableCommand({ TableName }))).rejects.toThrow(
    'Requested resource not found: Table: tiles not found',
  );
});
