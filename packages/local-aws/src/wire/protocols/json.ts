import { AwsError } from '../../errors';
import type { Codec, SdkModel } from '../sdk-model';
import type { WireProtocol } from './protocol';

export function codecOf(model: SdkModel): Codec {
  if (model.codec === undefined) throw new Error(`the model of ${model.target} has no codec`);
  return model.codec;
}

/** What a serializer wrote, as bytes; its byte arrays must not be read as text. */
export function written(output: string | Uint8Array): Buffer {
  return typeof output === 'string' ? Buffer.from(output) : Buffer.from(output.buffer, output.byteOffset, output.byteLength);
}

/** An error's members as JSON, blobs in base64 (DynamoDB's errors carry items). */
function errorBody(members: Record<string, unknown>): string {
  return JSON.stringify(members, function (this: Record<string, unknown>, name, value: unknown) {
    const blob = this[name];
    return blob instanceof Uint8Array ? Buffer.from(blob).toString('base64') : value;
  });
}

export const awsJson: WireProtocol = {
  async parse(request, operation, model) {
    const text = request.body.toString('utf8');
    if (text === '') return {};
    try {
      const input = await codecOf(model).createDeserializer().read(operation.input, text);
      if (typeof input !== 'object' || input === null) throw new Error('the body is not a JSON object');
      return input as Record<string, unknown>;
    } catch (error) {
      throw new AwsError('SerializationException', error instanceof Error ? error.message : 'the body is not valid JSON');
    }
  },

  serialize(output, operation, model, requestId) {
    const headers = { 'content-type': `application/x-amz-json-${model.jsonVersion}`, 'x-amzn-requestid': requestId };
    if (operation.output.isUnitSchema()) return { status: 200, headers, body: '{}' };
    const serializer = codecOf(model).createSerializer();
    serializer.write(operation.output, output);
    return { status: 200, headers, body: written(serializer.flush()) };
  },

  serializeError(error, status, model, requestId) {
    const headers: Record<string, string> = {
      'content-type': `application/x-amz-json-${model.jsonVersion}`,
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
    };
    if (model.queryCompatible)
      headers['x-amzn-query-error'] =
        `${model.errors.get(error.code)?.queryCode ?? error.code};${status < 500 ? 'Sender' : 'Receiver'}`;
    return {
      status,
      headers,
      body: errorBody({ __type: error.code, message: error.message, Message: error.message, ...error.members }),
    };
  },
};
