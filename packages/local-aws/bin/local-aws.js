#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const sources = join(__dirname, '..', 'src', 'main.ts');
// A checkout runs its sources, so that no forgotten build hides a change; a published package has none and runs what was built.
if (existsSync(sources)) import('tsx').then(() => import(sources));
else require('../dist/main.js');
