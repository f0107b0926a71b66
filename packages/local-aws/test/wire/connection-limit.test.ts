import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { connectionLimit, limitConnections } from '../../src/wire/connection-limit';

const lines: string[] = [];
const server = createServer((_, response) => response.end('served'));
const sockets: Socket[] = [];

beforeAll(async () => {
  limitConnections(server, 2, (line) => lines.push(line));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** What a new connection answers to a request; the connection stays open. */
async function ask(): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  return answer;
}

test('connections beyond the limit are told so, and there is room again when one closes', async () => {
  expect(await ask()).toContain('served');
  expect(await ask()).toContain('served');

  const refused = await ask();
  expect(refused).toMatch(/^HTTP\/1.1 503 /);
  expect(refused).toContain('holds 2 connections, which is all that its limit of open files (ulimit -n) allows');
  expect(await ask()).toContain('503');
  expect(lines).toHaveLength(1);

  sockets[0]?.destroy();
  let answer = '503';
  while (answer.includes('503')) answer = await ask();
  expect(answer).toContain('served');
});

test('the limit is below that of open files', () => {
  expect(connectionLimit()).toBeGreaterThanOrEqual(16);
});
