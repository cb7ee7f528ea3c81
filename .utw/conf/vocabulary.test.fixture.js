/** A small vocabulary for the tests of this folder: one directive for each thing that the resolver must tell apart. */
import { DirectiveError, listDirective, valueDirective } from './directive.js';
import { Vocabulary } from './vocabulary.js';
const SERVER = ['server config', 'virtual host'];
const ANYWHERE = [...SERVER, 'directory', '.htaccess'];
/** Collects the values of Mark lines over all scopes, so that a test sees the order of merging. */
export const marks = { id: 'test.mark', merge: (outer, inner) => [...outer, ...inner] };
export const serverName = { id: 'test.server-name' };
export const documentRoot = { id: 'test.document-root' };
export const processGroup = { id: 'test.process-group' };
export const requirements = { id: 'test.require' };
function shared(name, module, contexts, syntax) {
    return { name, module, contexts, syntax, summary: `${name} for tests.` };
}
const raw = {
    ...shared('RawLine', 'mod_test', ANYWHERE, 'anything'),
    args: 'raw',
    apply: (line, scope) => scope.update(marks, (before = []) => [...before, line.rawArgs], line.position),
};
const strict = {
    ...shared('Even', 'mod_test', ANYWHERE, 'number'),
    args: { min: 1, max: 1 },
    apply(line) {
        const word = line.args[0];
        if (Number(word?.text) % 2 !== 0)
            throw new DirectiveError(`'${word?.text}' is not even`, word);
    },
};
const requireAll = {
    ...shared('RequireAll', 'mod_authz_core', ['directory', '.htaccess'], ''),
    override: 'AuthConfig',
    args: { min: 0, max: 0 },
    apply(line, scope) {
        const names = line.node.children.map((child) => `${child.name} ${child.rawArgs}`.trim());
        scope.update(requirements, (before = []) => [...before, ...names], line.position);
    },
};
const tables = [
    [
        listDirective(marks, { ...shared('Mark', 'mod_test', ANYWHERE, 'word ...'), args: { min: 1, max: Number.POSITIVE_INFINITY } }, (line) => line.args.map((word) => word.text)),
        raw,
        strict,
        valueDirective(serverName, shared('ServerName', 'core', SERVER, 'name'), (word) => word.text),
        valueDirective(documentRoot, shared('DocumentRoot', 'core', SERVER, 'directory-path'), (word, line) => line.serverRootRelative(word.text)),
        valueDirective(processGroup, { ...shared('WSGIProcessGroup', 'mod_wsgi', [...SERVER, 'directory'], 'name'), override: 'FileInfo' }, (word) => word.text),
    ],
];
export const testVocabulary = new Vocabulary(tables, ['mod_alias'], [requireAll]);
//# sourceMappingURL=vocabulary.test.fixture.js.map