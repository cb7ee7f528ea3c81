// Preloaded into a program of dist/program/ by scripts/bundle.mjs: as it ends, what V8 has compiled of it goes to `NAME.cache.new`,
// which src/proc/launch.ts will look for as `NAME.cache`.

const { closeSync, openSync, readFileSync, writeSync } = require('node:fs');
const vm = require('node:vm');
const { createHash } = require('node:crypto');
const { dirname, join } = require('node:path');

const ENDING = '.bundle.cjs';

vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    if (!options?.filename?.endsWith(ENDING)) return;
    const file = options.filename;
    const { encodeCodeCache } = require(join(dirname(file), 'launch.js'));
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
    // Opened while it may be: an http child of root becomes another user.
    const target = openSync(file.replace(ENDING, '.cache.new'), 'w');
    process.on('exit', () => {
      writeSync(target, encodeCodeCache(file, hash, this.createCachedData()));
      closeSync(target);
    });
  }
};
