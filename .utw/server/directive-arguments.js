/** How words of the core's directives are read: closed lists, durations, patterns, paths. Used by the directive tables. */
import { ApacheRegexError, compileApacheRegex } from '../conf/apache-regex.js';
import { DirectiveError } from '../conf/directive.js';
import { nearestName } from '../conf/edit-distance.js';
/** Apache's RSRC_CONF with its check for the main server; what holds for the whole program. */
export const globalContext = ['server config'];
/** Apache's RSRC_CONF. */
export const serverContexts = ['server config', 'virtual host'];
/** Apache's RSRC_CONF and ACCESS_CONF. */
export const sectionContexts = ['server config', 'virtual host', 'directory'];
/** Apache's OR_... */
export const allContexts = ['server config', 'virtual host', 'directory', '.htaccess'];
/** One word out of a list, in any case; gives it as the list spells it. @throws DirectiveError */
export function parseChoice(word, what, choices) {
    const wanted = word.text.toLowerCase();
    const found = choices.find((choice) => choice.toLowerCase() === wanted);
    if (found !== undefined)
        return found;
    throw new DirectiveError(`${what} must be one of ${choices.join(', ')}, not '${word.text}'`, word);
}
/** Text for the end of a message: the nearest name, if one is near. */
export function suggestion(text, names) {
    const nearest = nearestName(text, names);
    return nearest === undefined ? '' : `; did you mean '${nearest}'?`;
}
/** Unit to milliseconds, as ap_timeout_parameter_parse has them. */
const UNITS = { ms: 1, s: 1000, mi: 60_000, min: 60_000, h: 3_600_000 };
/** The longest wait that a timer of Node.js takes. */
const MAX_DURATION_MS = 2_147_483_647;
/** Seconds, or a number with ms, s, min or h; gives milliseconds. @throws DirectiveError */
export function parseDurationMs(word, what) {
    const found = /^(\d+)([a-z]*)$/i.exec(word.text);
    const unit = UNITS[(found?.[2] || 's').toLowerCase()];
    const value = unit === undefined ? Number.NaN : Number(found?.[1]) * unit;
    if (!(value <= MAX_DURATION_MS)) {
        throw new DirectiveError(`${what} must be a whole number with ms, s, min or h, not '${word.text}'`, word);
    }
    return value;
}
/** @throws DirectiveError that says why the pattern does not compile */
export function parsePattern(word, options = {}) {
    try {
        return compileApacheRegex(word.text, options);
    }
    catch (error) {
        if (!(error instanceof ApacheRegexError))
            throw error;
        throw new DirectiveError(`regular expression '${word.text}' could not be compiled: ${error.message}`, word);
    }
}
/** The path made absolute against ServerRoot. A slash at its end is kept: to Alias it matters. @throws DirectiveError */
export function parsePath(word, line, what) {
    if (word.text === '')
        throw new DirectiveError(`${what} must not be empty`, word);
    if (word.text.includes('\0'))
        throw new DirectiveError(`${what} must not contain a NUL byte`, word);
    const path = line.serverRootRelative(word.text);
    return word.text.endsWith('/') && !path.endsWith('/') ? `${path}/` : path;
}
/** The argument at `index`; the count was checked before `apply` was called. */
export function getWord(line, index) {
    const word = line.args[index];
    if (word === undefined)
        throw new DirectiveError(`${line.name} takes at least ${index + 1} arguments`);
    return word;
}
//# sourceMappingURL=directive-arguments.js.map