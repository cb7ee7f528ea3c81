/** For tests of directive tables: a configuration as text, read by the real parser and resolver over some tables. */

import type { Config } from '../conf/config.js';
import type { DirectiveDefinition } from '../conf/directive.js';
import { parseConfig } from '../conf/parser.js';
import { resolveConfig } from '../conf/resolver.js';
import type { Settings } from '../conf/settings.js';
import type { Problem } from '../conf/source.js';
import { Vocabulary } from '../conf/vocabulary.js';

export interface ResolvedText {
  readonly config: Config;
  /** Of the main server. */
  readonly settings: Settings;
  readonly problems: readonly Problem[];
  /** `severity: message`, in order. */
  readonly messages: readonly string[];
}

export function resolveText(text: string, ...tables: readonly (readonly DirectiveDefinition[])[]): ResolvedText {
  const vocabulary = new Vocabulary(tables);
  const parsed = parseConfig({ file: '/etc/test.conf', readFile: () => text, vocabulary, serverRoot: '/etc/httpd' });
  const { config, problems: found } = resolveConfig(parsed.tree, vocabulary, { serverRoot: '/etc/httpd' });
  const problems = [...parsed.problems, ...found];
  return {
    config,
    settings: config.main.settings,
    problems,
    messages: problems.map(({ severity, message }) => `${severity}: ${message}`),
  };
}
