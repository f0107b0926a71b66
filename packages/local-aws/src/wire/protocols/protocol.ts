import type { AwsError } from '../../errors';
import type { WireRequest, WireResponse } from '../request';
import type { OperationModel, SdkModel } from '../sdk-model';

/** A wire protocol: reads an operation's input from a request and writes its output or error. */
export interface WireProtocol {
  parse(
    request: WireRequest,
    operation: OperationModel,
    model: SdkModel,
  ): Record<string, unknown> | Promise<Record<string, unknown>>;
  serialize(output: Record<string, unknown>, operation: OperationModel, model: SdkModel, requestId: string): WireResponse;
  serializeError(error: AwsError, status: number, model: SdkModel, requestId: string): WireResponse;
}
