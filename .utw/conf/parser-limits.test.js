/** Limits end in a message: deep sections, garbage, variables that double, files without end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_ERRORS, MAX_SECTION_DEPTH } from './limits.js';
import { parseText } from './memory-files.test.fixture.js';
import { resolveConfig } from './resolver.js';
import { testVocabulary } from './vocabulary.test.fixture.js';
test('a thousand sections inside each other give one error, balanced', () => {
    const depth = 1000;
    const text = `${'<Directory /x>\n'.repeat(depth)}${'</Directory>\n'.repeat(depth)}Mark end\n`;
    const { tree, problems } = parseText(text);
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.position.line, MAX_SECTION_DEPTH + 1);
    assert.equal(tree.nodes.length, 2);
    resolveConfig(tree, testVocabulary);
});
test('a hundred thousand open conditions do not exhaust the stack', () => {
    const { problems } = parseText('<IfDefine !X>\n'.repeat(100_000));
    assert.equal(problems.length, MAX_ERRORS + 1);
});
test('after a hundred errors the reading ends with a line that says so', () => {
    const { problems } = parseText('</X>\n'.repeat(1000));
    assert.equal(problems.length, MAX_ERRORS + 1);
    assert.match(problems.at(-1)?.message ?? '', /reading ends here/);
});
test('variables that double each other are cut', () => {
    const lines = Array.from({ length: 60 }, () => `Define a \${a}\${a}`);
    const { problems } = parseText(['Define a aaaaaaaa', ...lines].join('\n'));
    assert.ok(problems.some((problem) => /after variables/.test(problem.message)));
});
test('files that include themselves twice do not multiply', () => {
    const { problems } = parseText('Include main.conf\nInclude main.conf\n');
    assert.equal(problems.filter((problem) => problem.severity === 'error').length, 2);
});
test('many notes do not end the reading', () => {
    const { tree, problems } = parseText(`${'LoadModule wsgi_module x\n'.repeat(500)}Mark end\n`);
    assert.equal(tree.nodes.length, 1);
    assert.ok(problems.length < 250);
});
test('bytes that are not UTF-8 are read as Latin-1 with a warning; a byte order mark is dropped', () => {
    const latin = parseText(Uint8Array.from([...Buffer.from('Mark caf'), 0xe9, 0x0a]));
    assert.equal(latin.tree.nodes[0]?.args[0]?.text, 'café');
    assert.equal(latin.problems[0]?.severity, 'warning');
    const marked = parseText(Uint8Array.from([0xef, 0xbb, 0xbf, ...Buffer.from('Mark é\n')]));
    assert.equal(marked.tree.nodes[0]?.name, 'Mark');
    assert.deepEqual(marked.problems, []);
});
//# sourceMappingURL=parser-limits.test.js.map