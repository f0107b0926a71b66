const { readFileSync, existsSync } = require('node:fs');
const { join, relative } = require('node:path');
const swc = require('@swc/jest');

/** Jest's transformer of the area's files: what is run is their text below `folder`, which holds all of their changes. */
module.exports = {
  createTransformer({ folder, swcOptions }) {
    const inner = swc.createTransformer(swcOptions);
    return {
      ...inner,
      process(text, path, options) {
        const changed = join(folder, relative(options.config.rootDir, path));
        return inner.process(existsSync(changed) ? readFileSync(changed, 'utf8') : text, path, options);
      },
    };
  },
};
