'use strict';
// Finds and loads the handler that _HANDLER names, as AWS's Node runtime does.

const { existsSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');

class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

function isModule(file) {
  if (file.endsWith('.mjs')) return true;
  if (file.endsWith('.cjs')) return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
    if (folder === dirname(folder)) return false;
  }
}

async function importFile(file, name) {
  try {
    return isModule(file) ? await import(pathToFileURL(file).href) : require(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`);
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw new RuntimeError('Runtime.ImportModuleError', `Error: ${error.message.split('\n')[0]}`);
    }
    throw error instanceof Error ? error : new RuntimeError('Error', `cannot load ${name}: ${String(error)}`);
  }
}

function refuseCallback(handler, runtime) {
  if (handler.length < 3 || runtime !== 'nodejs24.x') return;
  throw new RuntimeError(
    'Runtime.CallbackHandlerDeprecated',
    'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. Use an async handler.',
  );
}

async function loadHandler(root, handlerName, runtime) {
  const dot = handlerName.lastIndexOf('.');
  const moduleName = handlerName.slice(0, dot);
  const exportName = handlerName.slice(dot + 1);
  if (dot < 1) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const file = ['', '.js', '.mjs', '.cjs']
    .map((extension) => join(root, moduleName + extension))
    .find((path) => existsSync(path) && path !== root);
  if (file === undefined) throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${moduleName}'`);
  const loaded = await importFile(file, moduleName);
  const handler = loaded[exportName] ?? loaded.default?.[exportName];
  if (handler === undefined) throw new RuntimeError('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  if (typeof handler !== 'function') throw new RuntimeError('Runtime.HandlerNotFound', `${handlerName} is not a function`);
  refuseCallback(handler, runtime);
  return handler;
}

module.exports = { loadHandler };
