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
  globalThis.fetch = (input, init) => {
    const asked = new Request(input, init);
    const url = new URL(asked.url);
    if (!AWS_HOST.test(url.hostname)) return realFetch(input, init);
    const headers = new Headers(asked.headers);
    headers.set('host', url.hostname);
    const body = asked.body === null ? undefined : asked.body;
    return realFetch(new URL(url.pathname + url.search, local), {
      method: asked.method,
      headers,
      body,
      redirect: asked.redirect,
      signal: asked.signal,
      ...(body && { duplex: 'half' }),
    });
  };
}

module.exports = { install };
