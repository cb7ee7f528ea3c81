/** Asks a real CPython: what the tests compare our encoders and decoders with. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
const python = '/usr/bin/python3';
const runMsLimit = 60_000;
/** The checkout, wherever the compiled tests lie. */
export function checkoutFolder() {
    let folder = dirname(fileURLToPath(import.meta.url));
    while (!existsSync(join(folder, 'package.json')))
        folder = dirname(folder);
    return folder;
}
/** Runs a program with python/ on sys.path. @returns what it printed */
export function runPython(program, input = '', args = []) {
    const result = spawnSync(python, ['-c', program, ...args], {
        input,
        encoding: 'utf8',
        timeout: runMsLimit,
        maxBuffer: 64 * 1024 * 1024,
        env: { PYTHONPATH: join(checkoutFolder(), 'python'), PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8' },
    });
    if (result.error !== undefined)
        throw result.error;
    if (result.status !== 0)
        throw new Error(`python exited with ${result.status}: ${result.stderr}`);
    return result.stdout;
}
/** What marshal.loads makes of each of `payloads`, as JSON of its repr. One process for all. */
export function reprsOfMarshal(payloads) {
    const lengths = payloads.map((payload) => payload.length).join(',');
    const program = `
import json, marshal, sys
data = sys.stdin.buffer.read()
at, out = 0, []
for length in map(int, sys.argv[1].split(",")):
    part = data[at:at + length]
    at += length
    try:
        out.append(ascii(marshal.loads(part)))
    except Exception as error:
        out.append(f"{type(error).__name__}: {error}")
print(json.dumps(out))`;
    return JSON.parse(runPython(program, Buffer.concat(payloads), [lengths]));
}
/** A text as Python's ascii() shows it. */
export function asciiOf(text) {
    const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
    let shown = '';
    for (const character of text) {
        const point = character.codePointAt(0) ?? 0;
        if (character === '\\' || character === quote)
            shown += `\\${character}`;
        else if (character === '\n')
            shown += '\\n';
        else if (character === '\r')
            shown += '\\r';
        else if (character === '\t')
            shown += '\\t';
        else if (point >= 0x20 && point < 0x7f)
            shown += character;
        else if (point <= 0xff)
            shown += `\\x${point.toString(16).padStart(2, '0')}`;
        else if (point <= 0xffff)
            shown += `\\u${point.toString(16).padStart(4, '0')}`;
        else
            shown += `\\U${point.toString(16).padStart(8, '0')}`;
    }
    return quote + shown + quote;
}
//# sourceMappingURL=python.test.fixture.js.map