/** Which handler answers for a file: SetHandler (core), AddHandler and RemoveHandler (mod_mime). */
import { DirectiveError, valueDirective } from '../conf/directive.js';
import { allContexts, getWord } from './directive-arguments.js';
export const handlerSettings = Object.freeze({
    /** Undefined: SetHandler None, which leaves it to AddHandler. */
    handler: { id: 'core.set-handler' },
    extensionHandlers: {
        id: 'mod_mime.add-handler',
        merge: (outer, inner) => new Map([...outer, ...inner]),
    },
});
function extensionOf(text) {
    return text.toLowerCase().replace(/^\./, '');
}
export const handlerDirectives = [
    valueDirective(handlerSettings.handler, {
        name: 'SetHandler',
        module: 'core',
        contexts: allContexts,
        override: 'FileInfo',
        syntax: 'handler-name|None',
        summary: 'Which handler answers for every file of the scope, whatever its extension: wsgi-script runs the file as a WSGI script. None undoes the SetHandler of an outer scope.',
        difference: 'Expressions are not evaluated.',
    }, (word) => {
        if (/%\{|^expr=/.test(word.text))
            throw new DirectiveError('expressions in SetHandler are not supported yet', word);
        if (word.text === '')
            throw new DirectiveError('SetHandler needs the name of a handler or None', word);
        return word.text.toLowerCase() === 'none' ? undefined : word.text;
    }),
    {
        name: 'AddHandler',
        module: 'mod_mime',
        contexts: allContexts,
        override: 'FileInfo',
        syntax: 'handler-name extension [extension] ...',
        args: { min: 2, max: Number.POSITIVE_INFINITY },
        summary: 'Which handler answers for files with one of the extensions, with or without a dot. A file name may have several extensions, and each counts.',
        apply(line, scope) {
            const handler = getWord(line, 0).text.toLowerCase();
            const extensions = line.args.slice(1).map((word) => extensionOf(word.text));
            scope.update(handlerSettings.extensionHandlers, (previous) => {
                const map = new Map(previous);
                // Within one scope RemoveHandler wins wherever it stands, as mod_mime carries it out last.
                for (const extension of extensions)
                    if (!isRemoved(map, extension))
                        map.set(extension, handler);
                return map;
            }, line.position);
        },
    },
    {
        name: 'RemoveHandler',
        module: 'mod_mime',
        contexts: allContexts,
        override: 'FileInfo',
        syntax: 'extension [extension] ...',
        args: { min: 1, max: Number.POSITIVE_INFINITY },
        summary: 'Takes from the extensions the handlers that outer scopes have given them.',
        apply(line, scope) {
            scope.update(handlerSettings.extensionHandlers, (previous) => new Map([...(previous ?? []), ...line.args.map((word) => [extensionOf(word.text), undefined])]), line.position);
        },
    },
];
function isRemoved(map, extension) {
    return map.has(extension) && map.get(extension) === undefined;
}
//# sourceMappingURL=handler-directives.js.map