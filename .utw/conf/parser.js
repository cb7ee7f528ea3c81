/**
 * Files to a tree, carrying out in order what httpd carries out while it reads: ${VAR}, Define, the conditional
 * sections, Include and ServerRoot. Called by the server at start and reload and by `check`; the resolver goes on from
 * the tree. It never recurses over sections or files and never stops at the first problem.
 */
import { ConditionError, findCondition } from './conditions.js';
import { absolutePath, normalizePath } from './file-paths.js';
import { describeSystemError, findIncludeFiles, systemErrorCode } from './include-files.js';
import { LineReader, lineFault, nextWord, splitWords } from './lexer.js';
import { MAX_EXPANDED_CHARACTERS, MAX_FILES, MAX_INCLUDE_DEPTH, MAX_NODES, MAX_TOTAL_CHARACTERS } from './limits.js';
import { ProblemList } from './problem-list.js';
import { findReadingDirective } from './reading-directives.js';
import { SectionStack } from './section-stack.js';
import { formatPosition } from './source.js';
import { Variables } from './variables.js';
/** Reads a configuration from its first file on. Throws nothing that a file's content could cause. */
export function parseConfig(options) {
    return new Parser(options).run();
}
class Parser {
    vocabulary;
    variables;
    serverRoot;
    #options;
    #problems = new ProblemList();
    #sections = new SectionStack(this.#problems);
    #sources = [];
    #files = [];
    /** Include lines that went too deep once: `file:line`. They are not followed again. */
    #endless = new Set();
    #characters = 0;
    constructor(options) {
        this.#options = options;
        this.vocabulary = options.vocabulary;
        this.variables = new Variables(options.defines ?? new Map(), options.environment ?? (() => undefined));
        this.serverRoot = options.serverRoot ?? '/';
    }
    run() {
        this.#push([this.#options.file], undefined, false);
        for (let source = this.#sources.at(-1); source !== undefined; source = this.#sources.at(-1)) {
            if (!this.#problems.isFull)
                source.reader ??= this.#open(source);
            const line = this.#problems.isFull ? undefined : source.reader?.next();
            if (line !== undefined) {
                this.#line(line, source);
            }
            else {
                this.#sources.pop();
                this.#sections.closeDownTo(source.floor);
            }
        }
        const tree = {
            nodes: this.#sections.nodes,
            files: Object.freeze([...new Set(this.#files)]),
            defines: this.variables.toMap(),
        };
        return { tree, problems: this.#problems.list() };
    }
    #push(files, includedFrom, optional) {
        const depth = (this.#sources.at(-1)?.depth ?? -1) + 1;
        for (const file of files.toReversed()) {
            this.#sources.push({ file, includedFrom, optional, depth, reader: undefined, floor: this.#sections.height });
        }
    }
    /** Undefined where the file can't be read; that is reported here. */
    #open(source) {
        const start = filePosition(source, 1, 1);
        const complainAt = source.includedFrom ?? start;
        if (this.#files.length >= MAX_FILES || this.#characters > MAX_TOTAL_CHARACTERS) {
            const limit = this.#files.length >= MAX_FILES ? `${MAX_FILES} files` : `${MAX_TOTAL_CHARACTERS} characters`;
            this.#problems.stop(complainAt, `configuration is longer than ${limit}, reading ends here`);
            return undefined;
        }
        let content;
        try {
            content = this.#options.readFile(source.file);
        }
        catch (error) {
            const missing = ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '');
            if (source.optional && missing)
                return undefined;
            const severity = source.optional ? 'warning' : 'error';
            this.#problems.report(severity, complainAt, `cannot open '${source.file}': ${describeSystemError(error)}`);
            return undefined;
        }
        this.#files.push(source.file);
        const text = typeof content === 'string' ? content.replace(/^\ufeff/, '') : this.#decode(content, start);
        this.#characters += text.length;
        return new LineReader(text);
    }
    #decode(content, start) {
        try {
            return new TextDecoder('utf-8', { fatal: true }).decode(content);
        }
        catch {
            this.#problems.report('warning', start, 'file is not UTF-8, it is read as Latin-1');
            return new TextDecoder('latin1').decode(content);
        }
    }
    #line(line, source) {
        if (line.text === '' || line.isComment)
            return;
        const at = (offset) => line.position(source.file, offset, source.includedFrom);
        const fault = lineFault(line.text);
        if (fault !== undefined) {
            this.#problems.report('error', at(fault.offset), fault.message);
            return;
        }
        const first = nextWord(line.text, 0);
        if (first === undefined)
            return;
        const reading = new LineInHand(this, this.#problems, line, first, at);
        // A skipped line is only looked at for sections, so that the skipped part ends where it should.
        const name = this.#sections.isSkipping ? first.text : reading.name();
        if (name.startsWith('</'))
            this.#sections.close(name, line.text.slice(first.next), source.floor, reading.position);
        else if (name.startsWith('<'))
            this.#openSection(name.slice(1), reading);
        else if (!this.#sections.isSkipping)
            this.#directive(name, reading);
    }
    #directive(name, line) {
        const args = line.words(line.rest.length);
        const carryOut = findReadingDirective(name);
        const reading = { name, args, position: line.position };
        if (carryOut?.(reading, this) === 'done')
            return;
        if (!this.#countNode(line.position))
            return;
        this.#sections.add({ kind: 'directive', name, args, rawArgs: line.raw(line.rest.length), position: line.position });
    }
    #openSection(written, line) {
        const { position } = line;
        const closed = written.endsWith('>');
        const name = closed ? written.slice(0, -1) : written;
        if (this.#sections.isSkipping) {
            this.#sections.openSkipped(name, position);
            return;
        }
        // As in httpd the last bracket of the line ends the arguments, wherever it stands.
        const bracket = line.rest.lastIndexOf('>');
        if (name === '')
            this.#problems.report('error', position, "'<' must be followed by a section name, without a blank");
        else if (bracket < 0 && !(closed && line.rest === '')) {
            this.#problems.report('error', position, `<${name}> is missing its closing '>'`, name);
        }
        else if (line.rest.slice(bracket + 1).trim() !== '') {
            this.#problems.report('warning', position, `what follows '>' on the line of <${name}> is ignored`, name);
        }
        const end = bracket < 0 ? line.rest.length : bracket;
        const args = line.words(end);
        const condition = findCondition(name);
        if (condition !== undefined) {
            this.#sections.openCondition(name, position, this.#holds(condition, name, args, position));
            return;
        }
        if (!this.#countNode(position))
            return;
        this.#sections.open({ name, args, rawArgs: line.raw(end), position });
    }
    #holds(condition, name, args, position) {
        try {
            return condition(args, {
                variables: this.variables,
                vocabulary: this.vocabulary,
                fileExists: (path) => this.#fileExists(absolutePath(this.serverRoot, path)),
                warn: (message, word) => this.#problems.report('warning', word.position, message, name),
            });
        }
        catch (error) {
            if (!(error instanceof ConditionError))
                throw error;
            const message = `<${name}> ${error.message}; the section is skipped`;
            this.#problems.report('error', error.word?.position ?? position, message, name);
            return false;
        }
    }
    #fileExists(path) {
        if (this.#options.fileExists !== undefined)
            return this.#options.fileExists(path);
        if (this.#options.isDirectory?.(path) === true)
            return true;
        try {
            this.#options.readFile(path);
            return true;
        }
        catch {
            // Whatever keeps us from reading it, to the configuration the file is not there.
            return false;
        }
    }
    #countNode(position) {
        if (this.#sections.count < MAX_NODES)
            return true;
        this.#problems.stop(position, `configuration has more than ${MAX_NODES} lines, reading ends here`);
        return false;
    }
    report(severity, position, message, directive) {
        this.#problems.report(severity, position, message, directive);
    }
    include(written, optional, from) {
        if (this.#sources.length > 0 && (this.#sources.at(-1)?.depth ?? 0) >= MAX_INCLUDE_DEPTH) {
            this.#reportEndless(from);
            return;
        }
        if (this.#endless.has(formatPosition(from)))
            return;
        const path = normalizePath(absolutePath(this.serverRoot, written.text));
        const { files, fault } = findIncludeFiles(path, optional, {
            listDirectory: this.#options.listDirectory ?? (() => []),
            isDirectory: this.#options.isDirectory ?? (() => false),
        });
        if (fault !== undefined)
            this.report('error', written.position, fault);
        this.#push(files, from, optional);
    }
    /** Names the circle once, at its outermost Include line, instead of a hundred times at the innermost. */
    #reportEndless(from) {
        const here = formatPosition(from);
        if (this.#endless.has(here))
            return;
        this.#endless.add(here);
        const circle = [from.file];
        let outermost = from;
        let closed = false;
        for (let outer = from.includedFrom; outer !== undefined; outer = outer.includedFrom) {
            if (formatPosition(outer) === here) {
                outermost = outer;
                closed = true;
            }
            else if (!closed)
                circle.unshift(outer.file);
        }
        const chain = closed ? [from.file, ...circle] : circle;
        const message = `Include goes more than ${MAX_INCLUDE_DEPTH} files deep: ${chain.join(' includes ')}`;
        this.report('error', outermost, message, 'Include');
    }
}
function filePosition(source, line, column) {
    const { file, includedFrom } = source;
    return includedFrom === undefined ? { file, line, column } : { file, line, column, includedFrom };
}
/** One logical line with its variables: expands words, each unknown name reported once. */
class LineInHand {
    position;
    /** What follows the name, as written. */
    rest;
    #variables;
    #problems;
    #line;
    #first;
    #at;
    #reported = new Set();
    constructor(state, problems, line, first, at) {
        this.#variables = state.variables;
        this.#problems = problems;
        this.#line = line;
        this.#first = first;
        this.#at = at;
        this.position = at(first.start);
        this.rest = line.text.slice(first.next);
    }
    name() {
        return this.#expand(this.#first.text, this.position);
    }
    /** The words of the first `length` characters of `rest`. Variables with blanks do not split: httpd expands per word. */
    words(length) {
        const { next } = this.#first;
        return splitWords(this.#line.text.slice(0, next + length), next).map((word) => {
            const position = this.#at(word.start);
            return { text: this.#expand(word.text, position), position };
        });
    }
    /** The same stretch unsplit. */
    raw(length) {
        return this.#expand(this.rest.slice(0, length).trimEnd(), this.position);
    }
    #expand(text, position) {
        return this.#variables.expand(text, {
            unknown: (name) => {
                if (this.#reported.has(name))
                    return;
                this.#reported.add(name);
                const message = `\${${name}} is neither defined nor in the environment, it stays as written`;
                this.#problems.report('warning', position, message);
            },
            tooLong: () => {
                const message = `line is longer than ${MAX_EXPANDED_CHARACTERS} characters after variables, the rest is cut off`;
                if (!this.#reported.has(''))
                    this.#problems.report('error', position, message);
                this.#reported.add('');
            },
        });
    }
}
//# sourceMappingURL=parser.js.map