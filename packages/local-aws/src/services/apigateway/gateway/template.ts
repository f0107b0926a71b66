import type { Exchange } from './exchange';

/** A text with variables, split once so that each use only joins. */
export interface Template {
  render(exchange: Exchange, missing: string): string;
}

const NAME =
  'context\\.[A-Za-z0-9_.-]*[A-Za-z0-9_]|stageVariables\\.[A-Za-z0-9_]+|method\\.request\\.(?:header|path|querystring)\\.[A-Za-z0-9_-]+';
/** `$name` or `${name}`. */
const VARIABLE = new RegExp(`\\$(?:(${NAME})|\\{(${NAME})\\})`, 'g');

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `04/Mar/2020:19:15:17 +0000`. */
export function requestTime(epochMs: number): string {
  const at = new Date(epochMs);
  const day = `${pad(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  return `${day}:${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}:${pad(at.getUTCSeconds())} +0000`;
}

/** Reads one variable of an exchange; null is the JSON null, undefined is absent. */
export type Read = (exchange: Exchange) => string | number | null | undefined;

const CONTEXT: Readonly<Record<string, Read>> = {
  accountId: (x) => x.stage.executeArn.split(':')[4],
  apiId: (x) => x.stage.api.id,
  awsEndpointRequestId: (x) => x.integration?.requestId,
  deploymentId: (x) => x.stage.stage.deploymentId,
  domainName: (x) => x.stage.domainName,
  domainPrefix: (x) => x.stage.api.id,
  'error.message': (x) => x.failure?.message,
  'error.messageString': (x) => (x.failure === undefined ? undefined : JSON.stringify(x.failure.message)),
  'error.responseType': (x) => x.failure?.type,
  'error.validationErrorString': (x) => x.failure?.validation,
  extendedRequestId: (x) => x.extendedRequestId,
  httpMethod: (x) => x.method,
  'identity.apiKey': (x) => x.apiKey?.value,
  'identity.apiKeyId': (x) => x.apiKey?.id,
  'identity.sourceIp': (x) => x.sourceIp,
  'identity.userAgent': (x) => x.header('user-agent'),
  'integration.error': (x) => x.integration?.error,
  'integration.integrationStatus': (x) => x.integration?.status,
  'integration.latency': (x) => x.integration?.latency,
  'integration.requestId': (x) => x.integration?.requestId,
  'integration.status': (x) => x.integration?.status,
  integrationErrorMessage: (x) => x.integration?.error,
  integrationLatency: (x) => x.integration?.latency,
  integrationStatus: (x) => x.integration?.status,
  path: (x) => `/${x.stage.stage.stageName}${x.path}`,
  protocol: (x) => `HTTP/${x.message.httpVersion}`,
  requestId: (x) => x.requestId,
  requestTime: (x) => requestTime(x.now),
  requestTimeEpoch: (x) => x.now,
  resourceId: (x) => x.route?.method.resource.id,
  resourcePath: (x) => x.route?.method.resource.path,
  responseLatency: (x) => Math.round(performance.now() - x.started),
  responseLength: (x) => x.responseLength,
  stage: (x) => x.stage.stage.stageName,
  status: (x) => x.status,
  wafResponseCode: (x) => x.wafResponse,
  'waf.status': (x) => (x.wafResponse === undefined ? undefined : x.wafResponse === 'WAF_BLOCK' ? 403 : 200),
  webaclArn: () => undefined,
  xrayTraceId: (x) => /Root=([^;]+)/.exec(x.traceId)?.[1],
};

function authorizerValue(exchange: Exchange, name: string): string | number | undefined {
  const { authorizer } = exchange;
  if (authorizer === undefined) return undefined;
  if (name === 'principalId') return authorizer.principalId;
  if (name === 'latency' || name === 'integrationLatency') return authorizer.latency;
  return authorizer.context[name];
}

/** Value of a variable such as `context.requestId`; undefined where it has none. */
export function variable(exchange: Exchange, name: string): string | undefined {
  const value = reader(name)(exchange);
  return value === undefined || value === null ? undefined : String(value);
}

/** Compiles a variable's name (`context.requestId`, `method.request.header.Authorization`, `stageVariables.x`). */
export function reader(name: string): Read {
  if (name.startsWith('context.authorizer.')) return (x) => authorizerValue(x, name.slice(19));
  if (name.startsWith('context.')) return CONTEXT[name.slice(8)] ?? (() => undefined);
  if (name.startsWith('stageVariables.')) return (x) => x.stage.stage.variables[name.slice(15)];
  const [kind = '', key = ''] = name.slice('method.request.'.length).split('.');
  if (kind === 'header') return (x) => x.header(key);
  if (kind === 'querystring') return (x) => x.queryValue(key);
  return (x) => x.route?.parameters?.[key];
}

/** Compiles the value of a header mapping: a quoted literal, or a variable. */
export function mapping(expression: string): Read {
  const literal = /^'(.*)'$/s.exec(expression);
  return literal === null ? reader(expression) : () => literal[1];
}

/** Compiles a template of API Gateway's simple kind: `$context.*`, `$stageVariables.*`, `$method.request.*`, no VTL. */
export function compileTemplate(text: string): Template {
  const parts: (string | { readonly read: Read; readonly name: string })[] = [];
  let at = 0;
  for (const match of text.matchAll(VARIABLE)) {
    parts.push(text.slice(at, match.index));
    const name = match[1] ?? match[2] ?? '';
    parts.push({ read: reader(name), name });
    at = match.index + match[0].length;
  }
  parts.push(text.slice(at));
  return {
    render(exchange, missing) {
      let out = '';
      for (const part of parts) {
        if (typeof part === 'string') out += part;
        else {
          const value = part.read(exchange);
          // The message of a failure without text is the JSON null.
          if (value === null) out += 'null';
          else out += value === undefined ? missing : String(value);
        }
      }
      return out;
    },
  };
}
