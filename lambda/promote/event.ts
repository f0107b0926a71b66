import * as z from 'zod';
import type { Platform } from '../../core/definition';
import type { Names } from '../../core/naming';

/** What has happened to a model's training or roll-out. */
export type PromoteEvent =
  | { readonly kind: 'package-approved'; readonly model: string; readonly packageArn: string }
  | { readonly kind: 'run-ended'; readonly model: string; readonly executionArn: string; readonly status: string }
  | { readonly kind: 'endpoint-settled'; readonly model: string }
  | { readonly kind: 'rollback-wanted'; readonly model: string; readonly version: string }
  | { readonly kind: 'ignored' };

const packageSchema = z.object({
  'detail-type': z.literal('SageMaker Model Package State Change'),
  detail: z.object({ ModelPackageGroupName: z.string(), ModelPackageArn: z.string(), ModelApprovalStatus: z.string() }),
});
const executionSchema = z.object({
  'detail-type': z.literal('SageMaker Model Building Pipeline Execution Status Change'),
  detail: z.object({ pipelineArn: z.string(), pipelineExecutionArn: z.string(), currentPipelineExecutionStatus: z.string() }),
});
const endpointSchema = z.object({
  'detail-type': z.literal('SageMaker Endpoint State Change'),
  detail: z.object({ EndpointName: z.string(), EndpointStatus: z.string() }),
});
const rollbackSchema = z.strictObject({ rollback: z.object({ model: z.string(), version: z.string().regex(/^\d+$/) }) });

const ENDED = ['Failed', 'Stopped'];

/** Reads an EventBridge event of SageMaker or a person's wish to go back. Throws on anything else. */
export function readPromoteEvent(platform: Platform, names: Names, event: unknown): PromoteEvent {
  const modelOf = (name: (model: string) => string, given: string): string | undefined =>
    platform.models.find((model) => name(model.name) === given)?.name;
  const schema = z.union([packageSchema, executionSchema, endpointSchema, rollbackSchema]);
  const parsed = schema.parse(event);
  if ('rollback' in parsed) return { kind: 'rollback-wanted', ...parsed.rollback };
  switch (parsed['detail-type']) {
    case 'SageMaker Model Package State Change': {
      const model = modelOf(names.packageGroup, parsed.detail.ModelPackageGroupName);
      const approved = parsed.detail.ModelApprovalStatus === 'Approved';
      return model !== undefined && approved
        ? { kind: 'package-approved', model, packageArn: parsed.detail.ModelPackageArn }
        : { kind: 'ignored' };
    }
    case 'SageMaker Model Building Pipeline Execution Status Change': {
      const { pipelineArn, pipelineExecutionArn, currentPipelineExecutionStatus: status } = parsed.detail;
      const model = modelOf(names.pipeline, pipelineArn.slice(pipelineArn.lastIndexOf('/') + 1));
      return model !== undefined && ENDED.includes(status)
        ? { kind: 'run-ended', model, executionArn: pipelineExecutionArn, status }
        : { kind: 'ignored' };
    }
    case 'SageMaker Endpoint State Change': {
      const model = modelOf(names.endpoint, parsed.detail.EndpointName);
      const settled = ['IN_SERVICE', 'UPDATE_ROLLBACK_FAILED', 'FAILED'].includes(parsed.detail.EndpointStatus);
      return model !== undefined && settled ? { kind: 'endpoint-settled', model } : { kind: 'ignored' };
    }
  }
}
