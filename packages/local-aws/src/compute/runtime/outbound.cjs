'use strict';
// Requests to https://*.amazonaws.com and *.amazoncognito.com go to the local AWS, with the host that was meant in the Host header.

const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');

const AWS_HOST = /\.(amazonaws\.com|amazoncognito\.com)$/;

function targetOf(first, second) {
  if (typeof first === 'string' || first instanceof URL) {
    const url = new URL(first);
    return { host: url.hostname, path: url.pathname + url.search, options: typeof second === 'object' ? second : {} };
  }
  return { host: first.hostname || first.host || '', path: first.path || '/', options: first };
}

function redirected(original, local, get) {
  return function request(...input) {
    const callback = typeof input.at(-1) === 'function' ? input.at(-1) : undefined;
    const { host, path, options } = targetOf(input[0], input[1]);
    if (!AWS_HOST.test(host)) return original.apply(this, input);
    const {
      agent: _agent,
      protocol: _protocol,
      host: _host,
      hostname: _hostname,
      port: _port,
      servername: _servername,
      ...rest
    } = options;
    const made = http.request(
      { ...rest, hostname: local.hostname, port: local.port, path, headers: { ...rest.headers, host } },
      callback,
    );
    if (get) made.end();
    return made;
  };
}

function install(endpoint) {
  const local = new URL(endpoint);
  const httpsRequest = https.request;
  const httpsGet = https.get;
  https.request = redirected(httpsRequest, local, false);
  https.get = redirected(httpsGet, local, true);
  syncBuiltinESMExports();
  const realFetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const asked = new Request(input, init);
    const url = new URL(asked.url);
    return AWS_HOST.test(url.hostname) ? send(local, url, asked) : realFetch(input, init);
  };
}

/** Sends a fetch by node:http: fetch itself forbids another Host header than that of the address. */
async function send(local, url, asked) {
  const body = Buffer.from(await asked.arrayBuffer());
  const headers = { ...Object.fromEntries(asked.headers), host: url.hostname, 'content-length': body.length };
  const target = { hostname: local.hostname, port: local.port, path: url.pathname + url.search };
  return new Promise((resolve, reject) => {
    const sent = http.request({ ...target, method: asked.method, headers, signal: asked.signal }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
      answer.on('end', () => {
        const empty = answer.statusCode === 204 || answer.statusCode === 304;
        resolve(new Response(empty ? null : Buffer.concat(chunks), { status: answer.statusCode, headers: flat(answer.headers) }));
      });
    });
    sent.on('error', reject).end(body);
  });
}

function flat(headers) {
  return Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]);
}

module.exports = { install };
