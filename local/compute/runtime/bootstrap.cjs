'use strict';
// Runs one Lambda environment: loads the handler, then takes one invocation after the other from the Runtime API.

const clock = require('./clock.cjs');
const compileCache = process.env.LOCAL_COMPILE_CACHE;
delete process.env.LOCAL_COMPILE_CACHE;
if (compileCache !== undefined) require('node:module').enableCompileCache?.(compileCache);
const { RuntimeApiClient } = require('./api-client.cjs');
const lines = require('./console.cjs');
const { loadHandler } = require('./handler.cjs');
const streaming = require('./streaming.cjs');

const env = process.env;
const api = new RuntimeApiClient(env.AWS_LAMBDA_RUNTIME_API);
let running;

function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function sendFailure(requestId, error) {
  const body = describe(error);
  lines.emit('ERROR', ['Invoke Error ', JSON.stringify({ ...body, stack: body.trace, trace: undefined })]);
  return api.send(
    'POST',
    `invocation/${requestId}/error`,
    { 'lambda-runtime-function-error-type': encodeURIComponent(body.errorType) },
    JSON.stringify(body),
  );
}

async function failInit(error) {
  const body = describe(error);
  lines.emit('ERROR', ['Uncaught Exception ', JSON.stringify(body)]);
  await api.send(
    'POST',
    'init/error',
    { 'lambda-runtime-function-error-type': encodeURIComponent(body.errorType) },
    JSON.stringify(body),
  );
  process.exit(1);
}

function crash(name, code) {
  return (cause) => {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    if (name !== undefined) {
      error.message = `${error.name}: ${error.message}`;
      error.name = name;
    }
    const told = running === undefined ? failInit(error) : sendFailure(running, error);
    told.then(() => process.exit(code));
  };
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext:
      headers['lambda-runtime-client-context'] === undefined ? undefined : JSON.parse(headers['lambda-runtime-client-context']),
    identity: undefined,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => Math.max(0, deadline - clock.wallNow()),
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

async function runStreaming(handler, requestId, event, context) {
  const stream = new streaming.ResponseStream((contentType) =>
    api.open(`invocation/${requestId}/response`, {
      'lambda-runtime-function-response-mode': 'streaming',
      'content-type': contentType,
      trailer: 'lambda-runtime-function-error-type, lambda-runtime-function-error-body',
    }),
  );
  try {
    await handler(event, stream, context);
    if (!stream.writableFinished)
      await new Promise((resolve, reject) => stream.once('finish', resolve).once('error', reject).end());
  } catch (error) {
    if (stream.opened === undefined) {
      sendFailure(requestId, error);
      return;
    }
    const body = describe(error);
    stream.abort(body.errorType, JSON.stringify(body));
  }
}

async function runBuffered(handler, requestId, event, context) {
  let body;
  try {
    body = serialize(await call(handler, event, context));
  } catch (error) {
    return sendFailure(requestId, error);
  }
  // Nobody waits for the receipt: it comes with the next invocation, in one packet (the header says that it may).
  api.send(
    'POST',
    `invocation/${requestId}/response`,
    { 'content-type': 'application/json', 'local-max-rss': process.resourceUsage().maxRSS },
    body,
  );
}

async function serve(handler) {
  const run = streaming.isStreaming(handler) ? runStreaming : runBuffered;
  let next = api.send('GET', 'invocation/next', {});
  for (;;) {
    const { headers, body } = await next;
    clock.set(headers['local-clock']);
    const requestId = headers['lambda-runtime-aws-request-id'];
    running = requestId;
    lines.current.requestId = requestId;
    env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
    // The request for the next invocation is written right behind the answer to this one.
    await run(handler, requestId, JSON.parse(body.utf8Slice()), contextOf(headers));
    running = undefined;
    next = api.send('GET', 'invocation/next', {});
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
