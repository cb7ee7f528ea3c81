import assert from 'node:assert/strict';
import { it } from 'node:test';
import { matchAlias } from './alias-match.js';
const cases = [
    ['/icons', '/icons', ''],
    ['/icons', '/icons/a.png', '/a.png'],
    ['/icons', '/iconset', undefined],
    ['/icons', '/Icons', undefined],
    ['/icons', '/icon', undefined],
    ['/icons/', '/icons/a.png', 'a.png'],
    ['/icons/', '/icons', undefined],
    ['/icons/', '/icons//a.png', 'a.png'],
    ['/a//b', '/a/b/c', '/c'],
    ['/a/b', '//a///b//c', '//c'],
    ['/a/b', '/ab', undefined],
    ['/', '/', ''],
    ['/', '/a/b', 'a/b'],
    ['/', '///a', 'a'],
    ['', '/a', undefined],
    ['/a', '', undefined],
    ['a', 'a/b', '/b'],
];
for (const [alias, path, rest] of cases) {
    it(`leaves ${rest === undefined ? 'nothing, no match,' : `'${rest}'`} of '${path}' behind '${alias}'`, () => {
        const match = matchAlias(alias, path);
        assert.equal(match?.rest, rest);
        if (match !== undefined)
            assert.equal(match.matched + match.rest, path);
    });
}
//# sourceMappingURL=alias-match.test.js.map