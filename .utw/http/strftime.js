/**
 * strftime in the C locale and the local time zone, compiled once per format. Intl is not used: the offset comes from
 * Date.getTimezoneOffset, so a changed TZ or a daylight-saving change is followed.
 */
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
];
const pad2 = (value) => (value < 10 ? `0${value}` : `${value}`);
const blankPad2 = (value) => (value < 10 ? ` ${value}` : `${value}`);
const dayName = (date) => days[date.getDay()] ?? '';
const monthName = (date) => months[date.getMonth()] ?? '';
const hour12 = (date) => date.getHours() % 12 || 12;
const dayMilliseconds = 86_400_000;
/** Day of the year from 0. */
function yearDay(date) {
    const midnight = Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
    return Math.round((midnight - Date.UTC(date.getFullYear(), 0, 1)) / dayMilliseconds);
}
/** Week of the year counted from the first `firstDay` (0 Sunday, 1 Monday). */
function weekNumber(date, firstDay) {
    const weekday = (date.getDay() - firstDay + 7) % 7;
    return Math.floor((yearDay(date) + 7 - weekday) / 7);
}
/** ISO 8601 week and the year that it belongs to: the week's Thursday decides. */
function isoWeek(date) {
    const weekday = (date.getDay() + 6) % 7;
    const thursday = new Date(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate() - weekday + 3));
    const year = thursday.getUTCFullYear();
    return { year, week: 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * dayMilliseconds)) };
}
/** `+0100`, as %z and the common log format write it. */
export function formatZoneOffset(date) {
    const minutes = -date.getTimezoneOffset();
    const size = Math.abs(minutes);
    return `${minutes < 0 ? '-' : '+'}${pad2(Math.floor(size / 60))}${pad2(size % 60)}`;
}
const conversions = {
    a: (date) => dayName(date).slice(0, 3),
    A: dayName,
    b: (date) => monthName(date).slice(0, 3),
    B: monthName,
    C: (date) => pad2(Math.floor(date.getFullYear() / 100)),
    d: (date) => pad2(date.getDate()),
    e: (date) => blankPad2(date.getDate()),
    g: (date) => pad2(isoWeek(date).year % 100),
    G: (date) => `${isoWeek(date).year}`,
    h: (date) => monthName(date).slice(0, 3),
    H: (date) => pad2(date.getHours()),
    I: (date) => pad2(hour12(date)),
    j: (date) => `${yearDay(date) + 1}`.padStart(3, '0'),
    k: (date) => blankPad2(date.getHours()),
    l: (date) => blankPad2(hour12(date)),
    m: (date) => pad2(date.getMonth() + 1),
    M: (date) => pad2(date.getMinutes()),
    n: () => '\n',
    p: (date) => (date.getHours() < 12 ? 'AM' : 'PM'),
    P: (date) => (date.getHours() < 12 ? 'am' : 'pm'),
    s: (date) => `${Math.floor(date.getTime() / 1000)}`,
    S: (date) => pad2(date.getSeconds()),
    t: () => '\t',
    u: (date) => `${date.getDay() || 7}`,
    U: (date) => pad2(weekNumber(date, 0)),
    V: (date) => pad2(isoWeek(date).week),
    w: (date) => `${date.getDay()}`,
    W: (date) => pad2(weekNumber(date, 1)),
    y: (date) => pad2(date.getFullYear() % 100),
    Y: (date) => `${date.getFullYear()}`,
    z: formatZoneOffset,
    // The C library knows the zone's abbreviation; JavaScript only its offset.
    Z: (date) => (date.getTimezoneOffset() === 0 ? 'UTC' : formatZoneOffset(date)),
    '%': () => '%',
};
/** Conversions that stand for a combination of others. */
const combinations = {
    c: '%a %b %e %H:%M:%S %Y',
    D: '%m/%d/%y',
    F: '%Y-%m-%d',
    r: '%I:%M:%S %p',
    R: '%H:%M',
    T: '%H:%M:%S',
    x: '%m/%d/%y',
    X: '%H:%M:%S',
};
/** Compiles a strftime format. Conversions that don't exist are left as written, as the C library does. */
export function compileStrftime(format) {
    // E and O ask for the locale's alternative forms, which the C locale does not have.
    const expanded = format
        .replace(/%[EO](?=[A-Za-z])/g, '%')
        .replace(/%(.)/gs, (written, letter) => combinations[letter] ?? written);
    const parts = [];
    let literal = '';
    const endLiteral = () => {
        const text = literal;
        if (text !== '')
            parts.push(() => text);
        literal = '';
    };
    for (let at = 0; at < expanded.length; at++) {
        const character = expanded.charAt(at);
        const part = character === '%' ? conversions[expanded.charAt(at + 1)] : undefined;
        if (part === undefined) {
            literal += character;
            continue;
        }
        endLiteral();
        parts.push(part);
        at++;
    }
    endLiteral();
    return (date) => {
        let text = '';
        for (const part of parts)
            text += part(date);
        return text;
    };
}
//# sourceMappingURL=strftime.js.map