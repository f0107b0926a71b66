import type { IntegrationResponseRecord } from '../records';
import { badRequest } from '../store';
import { type Answer, setHeader } from './answer';
import type { CompiledMethod } from './compile';
import type { Exchange } from './exchange';
import { GatewayFailure } from './response-types';
import { compileTemplate, mapping } from './template';

/** Refuses what only a VTL engine could render. */
export function refuseVtl(templates: Readonly<Record<string, string>> | undefined): void {
  for (const text of Object.values(templates ?? {})) {
    const found = /#(set|if|foreach|else|elseif|end|define|macro)\b|\$\{?(input|util)\b/.exec(text);
    if (found !== null)
      throw badRequest(`The local AWS renders templates of $context and $stageVariables only; given ${found[0]}`);
  }
}

function mockStatus(exchange: Exchange, method: CompiledMethod): number | undefined {
  const templates = method.integration.requestTemplates ?? {};
  const contentType = (exchange.header('content-type') ?? 'application/json').split(';')[0]?.trim() ?? '';
  const template = templates[contentType] ?? templates.$default;
  if (template === undefined) {
    const { passthroughBehavior } = method.integration;
    const passes =
      passthroughBehavior === 'WHEN_NO_MATCH' ||
      (passthroughBehavior === 'WHEN_NO_TEMPLATES' && Object.keys(templates).length === 0);
    if (!passes) throw new GatewayFailure('UNSUPPORTED_MEDIA_TYPE', 'Unsupported Media Type');
    return undefined;
  }
  const rendered = compileTemplate(template).render(exchange, '');
  const status = /["']?statusCode["']?\s*:\s*["']?(\d{3})/.exec(rendered)?.[1];
  return status === undefined ? undefined : Number(status);
}

function choose(responses: readonly IntegrationResponseRecord[], status: number): IntegrationResponseRecord | undefined {
  const byPattern = responses.find(
    ({ selectionPattern = '' }) => selectionPattern !== '' && new RegExp(`^(?:${selectionPattern})$`).test(String(status)),
  );
  return byPattern ?? responses.find(({ selectionPattern = '' }) => selectionPattern === '');
}

/** Answers by a MOCK integration: a request template that gives the status, and the integration response of that status. */
export function mockAnswer(exchange: Exchange, method: CompiledMethod): Answer {
  const status = mockStatus(exchange, method);
  exchange.integration = { latency: 0, ...(status === undefined ? {} : { status }) };
  const response = status === undefined ? undefined : choose(Object.values(method.integration.responses), status);
  if (response === undefined) throw new GatewayFailure('API_CONFIGURATION_ERROR', 'Internal server error');
  const headers: Answer['headers'] = {};
  const templates = Object.entries(response.responseTemplates ?? {});
  const [contentType = 'application/json', template = ''] = templates[0] ?? [];
  headers['Content-Type'] = contentType;
  for (const [name, expression] of Object.entries(response.responseParameters ?? {})) {
    const value = mapping(expression)(exchange);
    if (value !== undefined && value !== null) setHeader(headers, name.slice('method.response.header.'.length), String(value));
  }
  return { status: Number(response.statusCode), headers, body: compileTemplate(template).render(exchange, '') };
}
