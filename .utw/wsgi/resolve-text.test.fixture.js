/** For tests of directive tables: a configuration as text, read by the real parser and resolver over some tables. */
import { parseConfig } from '../conf/parser.js';
import { resolveConfig } from '../conf/resolver.js';
import { Vocabulary } from '../conf/vocabulary.js';
export function resolveText(text, ...tables) {
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
//# sourceMappingURL=resolve-text.test.fixture.js.map