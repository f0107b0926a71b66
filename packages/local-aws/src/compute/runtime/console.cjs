'use strict';
// console.* writes one line per call in the format of Lambda's Node runtime; a line break inside travels as a carriage return.

const { format } = require('node:util');
const { writeSync } = require('node:fs');

const LEVELS = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' };
const current = { requestId: 'undefined' };

function write(text) {
  const data = Buffer.from(`${text.replaceAll('\n', '\r')}\n`);
  for (let done = 0; done < data.length; ) {
    try {
      done += writeSync(1, data, done);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function jsonLine(level, parts) {
  const [first] = parts;
  const message =
    parts.length === 1 && (typeof first === 'object' || typeof first === 'string') && !(first instanceof Error)
      ? first
      : format(...parts);
  return JSON.stringify({ timestamp: new Date().toISOString(), level, requestId: current.requestId, message });
}

function emit(level, parts) {
  const json = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
  write(json ? jsonLine(level, parts) : `${new Date().toISOString()}\t${current.requestId}\t${level}\t${format(...parts)}`);
}

function install() {
  for (const [method, level] of Object.entries(LEVELS)) console[method] = (...parts) => emit(level, parts);
}

module.exports = { install, emit, current };
