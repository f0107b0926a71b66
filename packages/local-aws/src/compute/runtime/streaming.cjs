'use strict';
// awslambda.streamifyResponse and awslambda.HttpResponseStream, as in AWS's Node runtime.

const { Writable } = require('node:stream');

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HTTP_TYPE = 'application/vnd.awslambda.http-integration-response';

class ResponseStream extends Writable {
  constructor() {
    super({ highWaterMark: 64 * 1024 });
    this.contentType = 'application/octet-stream';
    this.chunks = [];
  }

  setContentType(type) {
    this.contentType = type;
  }

  _write(chunk, encoding, done) {
    this.chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk));
    done();
  }

  /** What was written. */
  content() {
    return Buffer.concat(this.chunks);
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
