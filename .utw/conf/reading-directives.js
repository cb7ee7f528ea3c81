/**
 * Directives that httpd carries out the moment it reads them: Define, UnDefine, Include, IncludeOptional, ServerRoot,
 * LoadModule, LoadFile and Error. The parser asks here for each line.
 */
import { absolutePath } from './file-paths.js';
import { canonicalModule, isKnownModule } from './known-directives.js';
const READERS = new Map([
    ['define', withArgs(1, 2, 'name [value]', define)],
    ['undefine', withArgs(1, 1, 'name', (_line, state, name) => state.variables.undefine(name.text))],
    ['include', withArgs(1, 1, 'path', (line, state, path) => state.include(path, false, line.position))],
    ['includeoptional', withArgs(1, 1, 'path', (line, state, path) => state.include(path, true, line.position))],
    ['loadmodule', withArgs(2, 2, 'identifier file', loadModule)],
    ['loadfile', withArgs(1, Number.POSITIVE_INFINITY, 'file ...', loadFile)],
    ['error', withArgs(1, 1, 'message', (line, state, text) => state.report('error', line.position, text.text, 'Error'))],
    ['serverroot', serverRoot],
]);
/** How a directive is carried out while reading, by its name in any case; undefined for all others. */
export function findReadingDirective(name) {
    return READERS.get(name.toLowerCase());
}
function withArgs(min, max, syntax, run) {
    return (line, state) => {
        const [first, second] = line.args;
        const extra = line.args[max];
        // httpd takes an empty word for a missing one.
        if (first === undefined || first.text === '' || line.args.length < min || extra !== undefined) {
            const position = extra?.position ?? line.position;
            state.report('error', position, `${line.name} is written: ${line.name} ${syntax}`, line.name);
        }
        else
            run(line, state, first, second);
        return 'done';
    };
}
function define(line, state, name, value) {
    if (name.text.includes(':')) {
        state.report('error', name.position, `name '${name.text}' must not hold a ':'`, line.name);
        return;
    }
    state.variables.define(name.text, value?.text ?? '');
}
/** Stays in the tree: a feature may have a definition of it, and Include needs it at once. */
function serverRoot(line, state) {
    const path = line.args[0]?.text ?? '';
    if (path !== '')
        state.serverRoot = absolutePath(state.serverRoot, path);
    return 'keep';
}
function loadModule(line, state, identifier) {
    const module = canonicalModule(identifier.text);
    if (state.vocabulary.hasModule(identifier.text)) {
        state.report('note', line.position, `${module} is built in, LoadModule does nothing`, line.name);
    }
    else if (isKnownModule(module)) {
        const message = `Stillhouse does not have ${identifier.text}; its directives will be errors`;
        state.report('warning', identifier.position, message, line.name);
    }
    else {
        const message = `module '${identifier.text}' is not one of Apache's; Stillhouse loads no modules, its directives will be errors`;
        state.report('warning', identifier.position, message, line.name);
    }
}
function loadFile(line, state) {
    state.report('note', line.position, 'Stillhouse loads no shared libraries, LoadFile does nothing', line.name);
}
//# sourceMappingURL=reading-directives.js.map