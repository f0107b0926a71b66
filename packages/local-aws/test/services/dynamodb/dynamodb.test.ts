import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { key, TableName, TilesTable } from './tiles-table';

const table = new TilesTable();
const HOUR_MS = 3_600_000;
const sorts = (items: Record<string, { N?: string }>[] | undefined) => (items ?? []).map((item) => item.sk?.N);

beforeAll(() => table.create());
afterAll(() => table.remove());

test('numbers sort as numbers, and every sort condition selects its range in both directions', async () => {
  const numbers = ['-20', '-3.5', '0', '1e-5', '2', '10', '10.5', '1e20'];
  for (const number of [...numbers].reverse()) await table.put('order', number);
  const all = ['-20', '-3.5', '0', '0.00001', '2', '10', '10.5', '100000000000000000000'];
  const p = { ':p': { S: 'order' } };

  expect(sorts((await table.query('pk = :p', p)).Items)).toEqual(all);
  expect(sorts((await table.query('pk = :p', p, { ScanIndexForward: false })).Items)).toEqual([...all].reverse());
  const select = async (condition: string, values: object = { ':a': { N: '2' } }, changes = {}) =>
    sorts((await table.query(`pk = :p AND ${condition}`, { ...p, ...values }, changes)).Items);
  expect(await select('sk < :a')).toEqual(all.slice(0, 4));
  expect(await select('sk <= :a', undefined, { ScanIndexForward: false })).toEqual(all.slice(0, 5).reverse());
  expect(await select('sk > :a')).toEqual(all.slice(5));
  expect(await select('sk >= :a', undefined, { ScanIndexForward: false })).toEqual(all.slice(4).reverse());
  expect(await select('sk = :a')).toEqual(['2']);
  expect(await select('sk BETWEEN :a AND :b', { ':a': { N: '0' }, ':b': { N: '10' } })).toEqual(all.slice(2, 6));
});

test('a query is read page by page, and counts what its filter drops', async () => {
  for (const sk of [1, 2, 3, 4, 5]) await table.put('pages', sk, { odd: { BOOL: sk % 2 === 1 } });
  for (const ScanIndexForward of [true, false]) {
    const seen: (string | undefined)[] = [];
    let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
    do {
      const page = await table.query(
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
  const page = await table.query('pk = :p', values, { FilterExpression: 'odd = :t', ProjectionExpression: 'sk' });
  expect(page).toMatchObject({ Count: 3, ScannedCount: 5, Items: [{ sk: { N: '1' } }, { sk: { N: '3' } }, { sk: { N: '5' } }] });
});

test('a global index shows the items that have its keys, as far as it projects them', async () => {
  await table.put('i1', 1, { city: { S: 'Rome' }, more: { S: 'x' } });
  await table.put('i2', 2, { city: { S: 'Rome' } });
  await table.put('i3', 3);
  await table.update('i2', 2, 'SET city = :c', { ExpressionAttributeValues: { ':c': { S: 'Oslo' } } });
  const rome = await table.query('city = :c', { ':c': { S: 'Rome' } }, { IndexName: 'by-city' });

  expect(rome.Items).toEqual([{ pk: { S: 'i1' }, sk: { N: '1' }, city: { S: 'Rome' } }]);
});

test('wrong keys and values get the errors of DynamoDB', async () => {
  const wrong = (Item: object) => table.client.send(new PutItemCommand({ TableName, Item: Item as never }));
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
  await expect(table.client.send(new GetItemCommand({ TableName, Key: { pk: { S: 'x' } } }))).rejects.toThrow(
    'The provided key element does not match the schema',
  );
  await expect(table.update('x', 1, 'SET pk = :x', { ExpressionAttributeValues: { ':x': { S: 'y' } } })).rejects.toThrow(
    'Cannot update attribute pk. This attribute is part of the key',
  );
  await expect(table.client.send(new GetItemCommand({ TableName: 'none', Key: key('x', 1) }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('batches write and read many items, and a scan finds them all', async () => {
  const requests = Array.from({ length: 25 }, (_, sk) => ({
    PutRequest: { Item: { ...key('batch', sk), b: { B: Buffer.from([sk]) } } },
  }));
  await table.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
  const { Responses } = await table.client.send(
    new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key('batch', 3), key('batch', 99)] } } }),
  );
  const scan = await table.client.send(
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
  await table.client.send(
    new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } }),
  );
  const soon = table.cloud.clock.now() / 1000 + 60;
  await table.put('ttl', 1, { expires: { N: String(Math.floor(soon)) } });
  await table.put('ttl', 2, { expires: { N: String(Math.floor(soon + 10 * 3600)) } });
  await table.close();
  await table.open();

  expect(await table.get('ttl', 1)).toBeDefined();
  await table.cloud.clock.advance(2 * HOUR_MS);
  expect(await table.get('ttl', 1)).toBeUndefined();
  expect(await table.get('ttl', 2)).toBeDefined();
});

test('a table can be described and deleted, and leaves nothing behind', async () => {
  const { Table } = await table.client.send(new DescribeTableCommand({ TableName }));
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', TableArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/tiles' });
  await table.client.send(new DeleteTableCommand({ TableName }));

  expect([...table.cloud.storage.table('dynamodb/items').entries()]).toEqual([]);
  await expect(table.client.send(new DescribeTableCommand({ TableName }))).rejects.toThrow(
    'Requested resource not found: Table: tiles not found',
  );
});
