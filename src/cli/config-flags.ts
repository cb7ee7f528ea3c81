/** The flags that say which configuration is meant, shared by run, check and info. */

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StillhouseError } from '../base/errors.js';
import { sortProblems } from '../conf/problem-order.js';
import type { Problem } from '../conf/source.js';
import { type LoadedConfig, loadConfig } from '../server/config-source.js';
import { checkScripts } from '../server/script-checks.js';
import { checkConfig } from '../server/start-checks.js';

export interface ConfigFlags {
  readonly config: string;
  readonly define?: readonly string[];
  readonly serverRoot?: string;
}

/** A configuration with what is wrong with it, in the order of its lines. */
export type CheckedConfig = LoadedConfig & { readonly allProblems: readonly Problem[] };

/** Reads and checks it. @throws StillhouseError where the file itself is missing */
export function loadFromFlags(flags: ConfigFlags): CheckedConfig {
  if (!existsSync(flags.config)) {
    throw new StillhouseError('config', `there is no configuration at '${flags.config}': name one with -f`);
  }
  const defines = (flags.define ?? []).map((text): readonly [string, string] => {
    const equals = text.indexOf('=');
    return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
  });
  const serverRoot = resolve(flags.serverRoot ?? dirname(flags.config));
  const loaded = loadConfig({ file: flags.config, serverRoot, defines });
  const found = [...loaded.problems, ...checkConfig(loaded.config), ...checkScripts(loaded.config)];
  return { ...loaded, allProblems: sortProblems(found, loaded.tree.files) };
}
