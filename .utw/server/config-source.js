/**
 * Reads a configuration from the file system and keeps what it read, so that an http child resolves exactly the
 * configuration that the parent checked, whatever happened to the files since, and without the right to read them.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseConfig } from '../conf/parser.js';
import { resolveConfig } from '../conf/resolver.js';
import { vocabulary } from './directive-tables.js';
/** Reads, parses and resolves. Never throws for what the files say: see `problems`. */
export function loadConfig(request) {
    const environment = {};
    const files = {};
    const folders = {};
    const existing = [];
    const top = resolve(request.file);
    const { tree, config, problems } = read(request.file, request.serverRoot, request.defines ?? [], {
        readFile(path) {
            const text = request.text !== undefined && resolve(path) === top ? request.text : decodeFile(readFileSync(path));
            files[path] = text;
            return text;
        },
        listDirectory(path) {
            const names = readdirSync(path);
            folders[path] = names;
            return names;
        },
        isDirectory(path) {
            const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
            if (isFolder)
                folders[path] ??= [];
            return isFolder;
        },
        fileExists(path) {
            if (!existsSync(path))
                return false;
            existing.push(path);
            return true;
        },
        environment(name) {
            // Not what every object has: toString, constructor.
            const value = Object.hasOwn(process.env, name) ? process.env[name] : undefined;
            if (value !== undefined)
                environment[name] = value;
            return value;
        },
    });
    const { file, serverRoot } = request;
    const snapshot = { file, serverRoot, defines: request.defines ?? [], environment, files, folders, existing };
    return { config, tree, problems, snapshot };
}
/** Resolves a snapshot anew: the same values, in another process. */
export function replayConfig(snapshot) {
    return read(snapshot.file, snapshot.serverRoot, snapshot.defines, {
        readFile(path) {
            const text = snapshot.files[path];
            if (text === undefined)
                throw Object.assign(new Error(`not in the snapshot: ${path}`), { code: 'ENOENT' });
            return text;
        },
        listDirectory: (path) => snapshot.folders[path] ?? [],
        isDirectory: (path) => snapshot.folders[path] !== undefined,
        fileExists: (path) => snapshot.existing.includes(path),
        environment: (name) => (Object.hasOwn(snapshot.environment, name) ? snapshot.environment[name] : undefined),
    }).config;
}
/** Configuration is UTF-8; a file that is not is taken byte by byte. */
function decodeFile(bytes) {
    try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
    catch {
        return bytes.toString('latin1');
    }
}
function read(file, serverRoot, defines, surroundings) {
    const parsed = parseConfig({ file, serverRoot, vocabulary, defines: new Map(defines), ...surroundings });
    const resolved = resolveConfig(parsed.tree, vocabulary, { serverRoot });
    return { tree: parsed.tree, config: resolved.config, problems: [...parsed.problems, ...resolved.problems] };
}
//# sourceMappingURL=config-source.js.map