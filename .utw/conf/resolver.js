/**
 * Tree to frozen values: finds each line's definition, checks where it stands and how many words it has, has the
 * feature carry it out, and collects what the scopes set. Called by the server after parseConfig, and by `check`.
 */
import { DirectiveError, } from './directive.js';
import { absolutePath, normalizePath } from './file-paths.js';
import { parseHostAddress } from './host-address.js';
import { findRenamed } from './known-directives.js';
import { ProblemList } from './problem-list.js';
import { findScopeSection } from './section-definition.js';
import { orderDirectories, parseSectionArgument } from './section-pattern.js';
import { SettingsBuilder } from './settings.js';
import { describeUnknownDirective, describeUnknownSection } from './unknown-name.js';
/** Resolves a whole configuration. Throws only what a feature throws besides DirectiveError. */
export function resolveConfig(tree, vocabulary, options = {}) {
    const serverRoot = lastServerRoot(tree, options.serverRoot ?? '/');
    const resolver = new Resolver(vocabulary, serverRoot, undefined);
    const config = resolver.config(tree);
    return { config, problems: resolver.problems.list() };
}
/**
 * Resolves one .htaccess file to a section that matchDirectories places behind the folder's own. Its lines must stand
 * in a class that `allowed` has.
 */
export function resolveAccessFile(tree, vocabulary, options) {
    const resolver = new Resolver(vocabulary, options.serverRoot, options.allowed);
    const section = resolver.accessFile(tree, options.directory);
    return { section, problems: resolver.problems.list() };
}
/** Paths stand against the last ServerRoot, also those of lines before it: httpd carries lines out after reading. */
function lastServerRoot(tree, fallback) {
    let root = fallback;
    for (const node of tree.nodes) {
        const path = node.kind === 'directive' && node.name.toLowerCase() === 'serverroot' ? node.args[0]?.text : undefined;
        if (path !== undefined && path !== '')
            root = absolutePath(root, path);
    }
    return normalizePath(root);
}
function newPlace(context, sections, sectionArgument) {
    const lists = { directories: [], files: [], locations: [] };
    return { context, sections, sectionArgument, settings: new SettingsBuilder(), ...lists };
}
class Resolver {
    problems = new ProblemList();
    #vocabulary;
    #serverRoot;
    #allowed;
    #hosts = [];
    constructor(vocabulary, serverRoot, allowed) {
        this.#vocabulary = vocabulary;
        this.#serverRoot = serverRoot;
        this.#allowed = allowed;
    }
    config(tree) {
        const place = newPlace('server config', [], undefined);
        this.#walk(tree.nodes, place);
        const main = serverScope(0, undefined, place, undefined);
        const hosts = this.#hosts.map((host, index) => serverScope(index + 1, main, host.place, host));
        return Object.freeze({ main, servers: Object.freeze([main, ...hosts]), files: Object.freeze([...tree.files]) });
    }
    accessFile(tree, directory) {
        const place = newPlace('.htaccess', [], directory);
        this.#walk(tree.nodes, place);
        const path = directory.endsWith('/') ? directory : `${directory}/`;
        const first = tree.nodes[0]?.position ?? { file: tree.files[0] ?? `${path}.htaccess`, line: 1, column: 1 };
        return freezeSection('Directory', { argument: directory, pattern: { kind: 'prefix', path } }, place, first);
    }
    /** Recurses as deep as sections nest, which the parser limits. */
    #walk(nodes, place) {
        for (const node of nodes) {
            if (this.problems.isFull)
                return;
            if (node.kind === 'directive')
                this.#directive(node, place);
            else
                this.#section(node, place);
        }
    }
    #directive(node, place) {
        const definition = this.#vocabulary.find(node.name) ?? this.#renamed(node);
        if (definition === undefined) {
            if (node.name.toLowerCase() === 'serverroot')
                return;
            const unknown = describeUnknownDirective(node.name, this.#vocabulary);
            this.problems.report(unknown.severity, node.position, unknown.message, node.name);
            return;
        }
        if (!this.#mayStand(definition, definition.name, node, place))
            return;
        if (!this.#takesWords(definition, definition.name, node))
            return;
        const line = this.#line(definition.name, definition.args, node, place);
        this.#apply(line, () => definition.apply(line, place.settings));
    }
    #renamed(node) {
        const today = findRenamed(node.name);
        const definition = today === undefined ? undefined : this.#vocabulary.find(today);
        if (definition !== undefined) {
            const message = `${node.name} is called ${definition.name} today; it is taken as that`;
            this.problems.report('warning', node.position, message, node.name);
        }
        return definition;
    }
    #section(node, place) {
        const scope = findScopeSection(node.name);
        if (scope !== undefined) {
            if (scope.name === 'VirtualHost')
                this.#virtualHost(scope, node, place);
            else
                this.#scopeSection(scope, scope.name, node, place);
            return;
        }
        const definition = this.#vocabulary.findSection(node.name);
        if (definition === undefined) {
            const unknown = describeUnknownSection(node.name, this.#vocabulary);
            this.problems.report(unknown.severity, node.position, unknown.message, node.name);
            return;
        }
        const shown = `<${definition.name}>`;
        if (!this.#mayStand(definition, shown, node, place) || !this.#takesWords(definition, shown, node))
            return;
        const line = Object.assign(this.#line(definition.name, definition.args, node, place), { node });
        this.#apply(line, () => definition.apply(line, place.settings));
    }
    #virtualHost(section, node, place) {
        if (!this.#mayStand(section, '<VirtualHost>', node, place))
            return;
        if (node.args.length === 0) {
            const message = '<VirtualHost> needs an address, for instance <VirtualHost *:80>';
            this.problems.report('error', node.position, message, node.name);
        }
        const addresses = [];
        for (const word of node.args) {
            const address = parseHostAddress(word.text);
            if (typeof address === 'string')
                this.problems.report('error', word.position, address, node.name);
            else if (addresses.some((other) => other.host === address.host && other.port === address.port)) {
                this.problems.report('warning', word.position, `address '${word.text}' is given twice`, node.name);
            }
            else
                addresses.push(address);
        }
        const inner = newPlace('virtual host', [...place.sections, section.name], node.args[0]?.text);
        this.#walk(node.children, inner);
        this.#hosts.push({ place: inner, addresses: Object.freeze(addresses), position: node.position });
    }
    #scopeSection(section, kind, node, place) {
        const outer = place.sections.at(-1) ?? '';
        const isFiles = kind === 'Files' || kind === 'FilesMatch';
        const misplaced = isFiles && outer.startsWith('Location');
        if (misplaced)
            this.problems.report('error', node.position, `<${kind}> may not stand in <${outer}>`, node.name);
        if (misplaced || !this.#mayStand(section, `<${kind}>`, node, place))
            return;
        this.#apply({ name: kind, position: node.position }, () => {
            const argument = parseSectionArgument(kind, node.args);
            if (argument.warning !== undefined) {
                this.problems.report('warning', node.args[0]?.position ?? node.position, argument.warning, node.name);
            }
            const inner = newPlace('directory', [...place.sections, kind], argument.argument);
            this.#walk(node.children, inner);
            const frozen = freezeSection(kind, argument, inner, node.position);
            // Apache accepts Files in Files but never applies the inner one.
            if (isFiles && outer.startsWith('Files')) {
                const message = `<${kind}> inside <${outer}> never applies; it is left out`;
                this.problems.report('warning', node.position, message, node.name);
            }
            else if (isFiles)
                place.files.push(frozen);
            else if (kind === 'Location' || kind === 'LocationMatch')
                place.locations.push(frozen);
            else
                place.directories.push(frozen);
        });
    }
    #mayStand(definition, shown, node, place) {
        // Inside <Files> of an .htaccess the file's rules go on.
        const context = this.#allowed === undefined ? place.context : '.htaccess';
        let message;
        if (!definition.contexts.includes(context)) {
            const outer = place.sections.at(-1);
            const where = outer === undefined ? context : `<${outer}>`;
            message = `${shown} may not stand in ${where}, but in: ${definition.contexts.join(', ')}`;
        }
        else if (this.#allowed !== undefined && !overrideAllows(this.#allowed, definition.override ?? 'All')) {
            message = `${shown} is not allowed here: AllowOverride does not have ${definition.override ?? 'All'}`;
        }
        if (message !== undefined)
            this.problems.report('error', node.position, message, node.name);
        return message === undefined;
    }
    #takesWords(definition, shown, node) {
        if (definition.args === 'raw')
            return true;
        const { min, max } = definition.args;
        const extra = node.args[max];
        if (node.args.length >= min && extra === undefined)
            return true;
        const count = min === max ? plural(min) : `${min} to ${plural(max)}`;
        const amount = max === Number.POSITIVE_INFINITY ? `at least ${plural(min)}` : count;
        const name = shown.replace(/[<>]/g, '');
        const written = [name, definition.syntax].filter((part) => part !== '').join(' ');
        const syntax = shown.startsWith('<') ? `<${written}>` : written;
        const hint = extra?.text.startsWith('#') === true ? '; a comment must stand on a line of its own' : '';
        const message = `${shown} takes ${amount}, not ${node.args.length}: ${syntax}${hint}`;
        this.problems.report('error', extra?.position ?? node.position, message, node.name);
        return false;
    }
    #line(name, args, node, place) {
        return {
            name,
            args: args === 'raw' ? [] : node.args,
            rawArgs: node.rawArgs,
            position: node.position,
            context: place.context,
            sections: place.sections,
            sectionArgument: place.sectionArgument,
            serverRootRelative: (path) => absolutePath(this.#serverRoot, path),
            report: (severity, message, position) => this.problems.report(severity, position ?? node.position, message, name),
        };
    }
    /** The one place where a wrong line becomes a problem. */
    #apply(line, run) {
        try {
            run();
        }
        catch (error) {
            if (!(error instanceof DirectiveError))
                throw error;
            const word = error.word;
            this.problems.report('error', word?.position ?? line.position, error.message, line.name);
        }
    }
}
function plural(count) {
    if (count === 0)
        return 'no arguments';
    return count === 1 ? '1 argument' : `${count} arguments`;
}
/** 'All' on a directive means that any permission will do. */
function overrideAllows(allowed, needed) {
    return allowed.has('All') || allowed.has(needed) || (needed === 'All' && allowed.size > 0);
}
function freezeSection(kind, argument, place, position) {
    const { argument: written, pattern } = argument;
    const settings = frozen(place.settings.build());
    const nested = Object.freeze([...place.files]);
    return Object.freeze({ kind, argument: written, pattern: Object.freeze(pattern), settings, nested, position });
}
/** A virtual host's sections stand behind the main server's, which apply to it too. */
function serverScope(index, main, place, host) {
    const own = place.settings.build();
    return Object.freeze({
        index,
        addresses: host?.addresses ?? Object.freeze([]),
        settings: frozen(main === undefined ? own : main.settings.overlaid(own)),
        directories: Object.freeze(orderDirectories(main?.directories ?? [], place.directories)),
        files: Object.freeze([...(main?.files ?? []), ...place.files]),
        locations: Object.freeze([...(main?.locations ?? []), ...place.locations]),
        position: host?.position,
    });
}
/** Object.freeze without the loss of a class's private members to the type checker. */
function frozen(value) {
    Object.freeze(value);
    return value;
}
//# sourceMappingURL=resolver.js.map