/** The flags that say which configuration is meant, shared by run, check and info. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StillhouseError } from '../base/errors.js';
import { loadConfig } from '../server/config-source.js';
import { checkConfig } from '../server/start-checks.js';
/** Reads and checks it. @throws StillhouseError where the file itself is missing */
export function loadFromFlags(flags) {
    if (!existsSync(flags.config)) {
        throw new StillhouseError('config', `there is no configuration at '${flags.config}': name one with -f`);
    }
    const defines = (flags.define ?? []).map((text) => {
        const equals = text.indexOf('=');
        return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
    });
    const serverRoot = resolve(flags.serverRoot ?? dirname(flags.config));
    const loaded = loadConfig({ file: flags.config, serverRoot, defines });
    return { ...loaded, allProblems: [...loaded.problems, ...checkConfig(loaded.config)] };
}
//# sourceMappingURL=config-flags.js.map