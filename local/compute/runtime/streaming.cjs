'use strict';
// awslambda.streamifyResponse and awslambda.HttpResponseStream, as in AWS's Node runtime.

const { Writable } = require('node:stream');

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HTTP_TYPE = 'application/vnd.awslambda.http-integration-response';

class ResponseStream extends Writable {
  constructor(open) {
    super({ highWaterMark: 64 * 1024 });
    this.opening = open;
    this.contentType = 'application/octet-stream';
  }

  setContentType(type) {
    this.contentType = type;
  }

  channel() {
    this.opened ??= this.opening(this.contentType);
    return this.opened;
  }

  _write(chunk, encoding, done) {
    const data = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
    if (data.length === 0) return done();
    this.channel().write(data, () => done());
  }

  _final(done) {
    this.answer = this.channel().end();
    done();
  }

  /** Ends a response that has begun with the error in its trailers. */
  abort(type, body) {
    this.answer = this.channel().end({
      'lambda-runtime-function-error-type': type,
      'lambda-runtime-function-error-body': Buffer.from(body).toString('base64'),
    });
  }
}

const HttpResponseStream = {
  from(stream, metadata) {
    stream.setContentType(HTTP_TYPE);
    stream.write(JSON.stringify(metadata));
    stream.write(Buffer.alloc(8));
    return stream;
  },
};

function install() {
  globalThis.awslambda = {
    streamifyResponse(handler, options) {
      handler[STREAMING] = 'response';
      if (options?.highWaterMark !== undefined)
        handler[Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark')] = options.highWaterMark;
      return handler;
    },
    HttpResponseStream,
  };
}

module.exports = { ResponseStream, install, isStreaming: (handler) => handler[STREAMING] === 'response' };
