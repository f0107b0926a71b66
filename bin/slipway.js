#!/usr/bin/env node
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
import('tsx')
  .then(() => import('./slipway.ts'))
  .catch((error) => {
    // The definitions are read while the commands load: problems in them are the user's, not a crash.
    if (error?.name !== 'DefinitionError') throw error;
    const { message, problems } = error;
    if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: { message, problems } })}\n`);
    process.stderr.write(`slipway: ${message}\n`);
    process.exitCode = 1;
  });
