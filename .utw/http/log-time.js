/**
 * The %t directive of access logs. Formatting a date costs more than the rest of a line together, so each compiled
 * item remembers the text of the second that it wrote last.
 */
import { compileStrftime } from './strftime.js';
/** Numbers that need no calendar, by the word that asks for them. */
const fractions = {
    sec: (epochMs) => `${Math.floor(epochMs / 1000)}`,
    msec: (epochMs) => `${Math.floor(epochMs)}`,
    usec: (epochMs) => `${microseconds(epochMs)}`,
    msec_frac: (epochMs) => `${Math.floor(epochMs) % 1000}`.padStart(3, '0'),
    usec_frac: (epochMs) => `${microseconds(epochMs) % 1_000_000}`.padStart(6, '0'),
};
const commonLogTime = '[%d/%b/%Y:%H:%M:%S %z]';
/** Compiles what stands in the braces of %{...}t; '' is the common log form. */
export function logTimeItem(argument) {
    const atEnd = argument.startsWith('end:');
    const format = argument.replace(/^(?:begin|end):/, '');
    const write = fractions[format] ?? secondFormatter(format === '' ? commonLogTime : format);
    return atEnd ? (record) => write(record.startedAtMs + record.durationMs) : (record) => write(record.startedAtMs);
}
function secondFormatter(format) {
    const formatDate = compileStrftime(format);
    let lastSecond = Number.NaN;
    let lastText = '';
    return (epochMs) => {
        const second = Math.floor(epochMs / 1000);
        if (second !== lastSecond) {
            lastText = formatDate(new Date(second * 1000));
            lastSecond = second;
        }
        return lastText;
    };
}
function microseconds(epochMs) {
    return Math.floor(epochMs * 1000);
}
//# sourceMappingURL=log-time.js.map