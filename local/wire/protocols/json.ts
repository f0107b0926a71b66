import { AwsError } from '../../errors';
import type { Codec, SdkModel } from '../sdk-model';
import type { WireProtocol } from './protocol';

export function codecOf(model: SdkModel): Codec {
  if (model.codec === undefined) throw new Error(`the model of ${model.target} has no codec`);
  return model.codec;
}

export const awsJson: WireProtocol = {
  parse(request, operation, model) {
    const text = request.body.toString('utf8');
    if (text === '') return {};
    try {
      return codecOf(model).createDeserializer().read(operation.input, text) as Record<string, unknown>;
    } catch (error) {
      throw new AwsError('SerializationException', error instanceof Error ? error.message : 'the body is not valid JSON');
    }
  },

  serialize(output, operation, model, requestId) {
    const headers = { 'content-type': `application/x-amz-json-${model.jsonVersion}`, 'x-amzn-requestid': requestId };
    if (operation.output.isUnitSchema()) return { status: 200, headers, body: '{}' };
    const serializer = codecOf(model).createSerializer();
    serializer.write(operation.output, output);
    return { status: 200, headers, body: Buffer.from(serializer.flush()) };
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
      body: JSON.stringify({ __type: error.code, message: error.message, Message: error.message, ...error.members }),
    };
  },
};
