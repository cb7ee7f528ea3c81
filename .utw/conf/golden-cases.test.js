/**
 * One case per file in cases/: files, dashes, and the tree and problems expected. Files after the first open with
 * `=== /path`. `-D`, `env` and `resolve` on lines beginning with `%` set the scene. With UPDATE_CASES=1 the expectation
 * is written anew; read the difference before keeping it.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { casesFolder, memoryFiles } from './memory-files.test.fixture.js';
import { parseConfig } from './parser.js';
import { resolveConfig } from './resolver.js';
import { formatProblem } from './source.js';
import { testVocabulary } from './vocabulary.test.fixture.js';
const DASHES = '\n----------\n';
function showTree(nodes, indent) {
    return nodes.flatMap((node) => {
        const { line, column } = node.position;
        const words = node.args.map((word) => ` ${JSON.stringify(word.text)}`).join('');
        const head = `${indent}${line}:${column} ${node.kind === 'section' ? `<${node.name}>` : node.name}${words}`;
        return node.kind === 'section' ? [head, ...showTree(node.children, `${indent}  `)] : [head];
    });
}
function outcome(input) {
    const settings = input.split('\n').filter((line) => line.startsWith('%'));
    const parts = input.replace(/^%.*\n/gm, '').split(/^=== (.*)\n/m);
    const files = { '/main.conf': parts[0] ?? '' };
    for (let at = 1; at < parts.length; at += 2)
        files[parts[at] ?? ''] = parts[at + 1] ?? '';
    const pairs = (word) => new Map(settings.flatMap((line) => {
        const match = new RegExp(`^% ${word} (\\w+)(?:=(.*))?$`).exec(line);
        return match === null ? [] : [[match[1] ?? '', match[2] ?? '']];
    }));
    const environment = pairs('env');
    const { tree, problems } = parseConfig({
        ...memoryFiles(files),
        defines: pairs('-D'),
        environment: (name) => environment.get(name),
    });
    const all = settings.includes('% resolve')
        ? [...problems, ...resolveConfig(tree, testVocabulary).problems]
        : problems;
    return [...showTree(tree.nodes, ''), ...all.map(formatProblem)].join('\n');
}
for (const name of readdirSync(casesFolder()).filter((file) => file.endsWith('.case'))) {
    test(name.replace('.case', '').replaceAll('-', ' '), () => {
        const path = join(casesFolder(), name);
        const [input = '', expected = ''] = readFileSync(path, 'utf8').split(DASHES);
        const actual = outcome(`${input}\n`);
        if (process.env.UPDATE_CASES === '1')
            writeFileSync(path, `${input}${DASHES}${actual}\n`);
        else
            assert.equal(actual, expected.trimEnd());
    });
}
//# sourceMappingURL=golden-cases.test.js.map