/** RewriteMap: the map types, the map file format, and the interface through which files are read. */
import { RewriteSyntaxError } from './syntax-error.js';
import { escapePath, unescapePath } from './uri-escapes.js';
const internalFunctions = {
    toupper: (text) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
    tolower: (text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
    escape: escapePath,
    unescape: unescapePath,
};
/** What to use in place of the map types that we don't have. */
const unsupported = {
    prg: 'map programs are not run; use a txt: or rnd: map, or decide in the application',
    dbm: "DBM files are not read; use a txt: map of the file's source (it is read once and kept)",
    dbd: 'SQL maps are not supported; write the table to a txt: map',
    fastdbd: 'SQL maps are not supported; write the table to a txt: map',
};
/** The second argument of RewriteMap. `absolute` makes a path absolute against ServerRoot. @throws RewriteSyntaxError */
export function parseMap(argument, absolute) {
    const colon = argument.indexOf(':');
    const type = colon === -1 ? '' : argument.slice(0, colon);
    const rest = argument.slice(colon + 1);
    const reason = unsupported[type.replace(/=.*/, '')];
    if (reason !== undefined)
        throw new RewriteSyntaxError(`the map type '${type}' is not supported: ${reason}`, 1);
    if (type === 'int') {
        if (!Object.hasOwn(internalFunctions, rest)) {
            const known = Object.keys(internalFunctions).join(', ');
            throw new RewriteSyntaxError(`'${rest}' is not an internal map function; there are ${known}`, 1);
        }
        return Object.freeze({ kind: 'int', function: rest });
    }
    const isTyped = type === 'txt' || type === 'rnd';
    const path = isTyped ? rest : argument;
    if (path === '')
        throw new RewriteSyntaxError(`'${argument}' names no map file`, 1);
    return Object.freeze({ kind: type === 'rnd' ? 'rnd' : 'txt', path: absolute(path) });
}
/**
 * A map file: a key and a value on each line, parted by blanks; what follows the value is a comment. Lines that start
 * with '#' or a blank, and keys without a value, don't count. The first line of a key wins.
 */
export function parseMapText(text) {
    const table = new Map();
    for (const line of text.split('\n')) {
        if (line.startsWith('#'))
            continue;
        const found = /^(\S+)\s+(\S+)/.exec(line);
        if (found?.[1] === undefined || found[2] === undefined || table.has(found[1]))
            continue;
        table.set(found[1], found[2]);
    }
    return table;
}
/** The value of a key; undefined where the default of `${map:key|default}` must stand in. */
export function lookUp(map, key, source, random) {
    if (map.kind === 'int')
        return internalFunctions[map.function](key);
    const value = source.table(map.path)?.get(key);
    if (value === undefined || map.kind === 'txt' || !value.includes('|'))
        return value;
    const choices = value.split('|');
    return choices[Math.floor(random() * choices.length)];
}
/** Keeps each table until its file's modification time changes. A path that can't be read has no time. */
export class CachingMapSource {
    #tables = new Map();
    #modifiedMs;
    #readFile;
    /** `readFile` gives the file as a byte string. */
    constructor(modifiedMs, readFile) {
        this.#modifiedMs = modifiedMs;
        this.#readFile = readFile;
    }
    table(path) {
        const modifiedMs = this.#modifiedMs(path);
        if (modifiedMs === undefined)
            return undefined;
        const known = this.#tables.get(path);
        if (known?.modifiedMs === modifiedMs)
            return known.table;
        const table = parseMapText(this.#readFile(path));
        this.#tables.set(path, { modifiedMs, table });
        return table;
    }
}
//# sourceMappingURL=rewrite-map.js.map