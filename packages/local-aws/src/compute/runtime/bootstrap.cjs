'use strict';
// Runs one Lambda environment: loads the handler, then takes one invocation after the other from the server.

const clock = require('./clock.cjs');
const compileCache = process.env.LOCAL_COMPILE_CACHE;
delete process.env.LOCAL_COMPILE_CACHE;
if (compileCache !== undefined) require('node:module').enableCompileCache?.(compileCache);
const net = require('node:net');
const { Frames } = require('./frames.cjs');
const lines = require('./console.cjs');
const { loadHandler } = require('./handler.cjs');
const streaming = require('./streaming.cjs');

const env = process.env;
/** The file descriptor that the server opened for this process to speak with it. */
const CHANNEL = 3;
const socket = new net.Socket({ fd: CHANNEL, readable: true, writable: true });
// The server is gone: so is the environment.
socket.on('close', () => process.exit(0));
socket.on('error', () => process.exit(0));
const frames = new Frames(socket, (head, body) => take({ head, body }));
let take;
let running;

function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function sendFailure(requestId, error, ends) {
  const body = describe(error);
  lines.emit('ERROR', ['Invoke Error ', JSON.stringify({ ...body, stack: body.trace, trace: undefined })]);
  frames.send({ kind: 'error', requestId, ends }, Buffer.from(JSON.stringify(body)));
}

/** Ends the process once the server has what was sent. */
function exit(code) {
  socket.end(() => process.exit(code));
}

function failInit(error) {
  const body = describe(error);
  lines.emit('ERROR', ['Uncaught Exception ', JSON.stringify(body)]);
  frames.send({ kind: 'init-error' }, Buffer.from(JSON.stringify(body)));
  exit(1);
}

function crash(name, code) {
  return (cause) => {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    if (name !== undefined) {
      error.message = `${error.name}: ${error.message}`;
      error.name = name;
    }
    if (running === undefined) return failInit(error);
    sendFailure(running, error, true);
    exit(code);
  };
}

function contextOf({ requestId, deadlineMs, arn, clientContext }) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: clientContext === undefined ? undefined : JSON.parse(clientContext),
    identity: undefined,
    invokedFunctionArn: arn,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - clock.wallNow()),
  };
}

function call(handler, event, context) {
  if (handler.length < 3) return handler(event, context);
  return new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, value) => (error ? reject(error) : resolve(value)));
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
  });
}

function serialize(value) {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    const error = new Error('Unable to stringify response body');
    error.name = 'Runtime.MarshalError';
    throw error;
  }
}

function sendResponse(requestId, body) {
  frames.send({ kind: 'response', requestId, maxRssKb: process.resourceUsage().maxRSS }, body);
}

/** Runs a streaming handler; its response is sent when it is whole. */
async function runStreaming(handler, requestId, event, context) {
  const stream = new streaming.ResponseStream();
  try {
    await handler(event, stream, context);
    if (!stream.writableFinished)
      await new Promise((resolve, reject) => stream.once('finish', resolve).once('error', reject).end());
  } catch (error) {
    return sendFailure(requestId, error);
  }
  sendResponse(requestId, stream.content());
}

async function runBuffered(handler, requestId, event, context) {
  let body;
  try {
    body = serialize(await call(handler, event, context));
  } catch (error) {
    return sendFailure(requestId, error);
  }
  sendResponse(requestId, Buffer.from(body));
}

async function serve(handler) {
  const run = streaming.isStreaming(handler) ? runStreaming : runBuffered;
  // Written before the first invocation is asked for; later ones follow each answer by themselves.
  let next = new Promise((resolve) => (take = resolve));
  frames.send({ kind: 'next' });
  for (;;) {
    const { head, body } = await next;
    next = new Promise((resolve) => (take = resolve));
    clock.set(head.clock);
    running = head.requestId;
    lines.current.requestId = running;
    env._X_AMZN_TRACE_ID = head.traceId;
    await run(handler, running, JSON.parse(body.utf8Slice()), contextOf(head));
    running = undefined;
  }
}

async function main() {
  lines.install();
  streaming.install();
  if (env.AWS_ENDPOINT_URL !== undefined) require('./outbound.cjs').install(env.AWS_ENDPOINT_URL);
  process.on('uncaughtException', crash(undefined, 129));
  process.on('unhandledRejection', crash('Runtime.UnhandledPromiseRejection', 128));
  let handler;
  try {
    handler = await loadHandler(env.LAMBDA_TASK_ROOT, env._HANDLER, env.AWS_EXECUTION_ENV.replace('AWS_Lambda_', ''));
  } catch (error) {
    return failInit(error);
  }
  if (compileCache !== undefined) setTimeout(() => require('node:module').flushCompileCache?.(), 500).unref();
  await serve(handler);
}

main();
