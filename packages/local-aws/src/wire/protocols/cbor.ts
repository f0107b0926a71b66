import { CborCodec } from '@smithy/core/cbor';
import { AwsError } from '../../errors';
import type { WireProtocol } from './protocol';

const codec = new CborCodec();
const BASE_HEADERS = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };

/** Smithy RPC v2 CBOR, which boto3 speaks to CloudWatch. */
export const rpcCbor: WireProtocol = {
  parse(request, operation) {
    if (request.body.length === 0) return {};
    try {
      const input: unknown = codec.createDeserializer().read(operation.input as never, request.body);
      if (typeof input === 'object' && input !== null) return input as Record<string, unknown>;
    } catch {
      // Falls through to the error below.
    }
    throw new AwsError('SerializationException', 'the body is not a valid CBOR map');
  },

  serialize(output, operation, _model, requestId) {
    const headers = { ...BASE_HEADERS, 'x-amzn-requestid': requestId };
    if (!operation.output.isStructSchema()) return { status: 200, headers, body: Buffer.from([0xa0]) };
    const serializer = codec.createSerializer();
    serializer.write(operation.output as never, output);
    return { status: 200, headers, body: Buffer.from(serializer.flush()) };
  },

  serializeError(error, status, model, requestId) {
    const serializer = codec.createSerializer();
    serializer.write(15 as never, { __type: error.code, message: error.message, ...error.members });
    const queryCode = model.errors.get(error.code)?.queryCode ?? error.code;
    const headers = {
      ...BASE_HEADERS,
      'x-amzn-requestid': requestId,
      'x-amzn-query-error': `${queryCode};${status < 500 ? 'Sender' : 'Receiver'}`,
    };
    return { status, headers, body: Buffer.from(serializer.flush()) };
  },
};
