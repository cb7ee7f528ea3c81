import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyOptionsLine, effectiveOptions, mergeOptions } from './directory-options.js';
/** The Options lines of one scope. */
function scope(...lines) {
    let options;
    for (const line of lines) {
        const outcome = applyOptionsLine(options, line.split(' '));
        assert.ok(!('message' in outcome), line);
        options = outcome;
    }
    assert.ok(options);
    return options;
}
function inForce(...scopes) {
    const [first, ...inner] = scopes;
    const merged = first === undefined ? undefined : inner.reduce(mergeOptions, first);
    return [...effectiveOptions(merged)].sort().join(' ');
}
describe('Options', () => {
    it('follow symbolic links where no line says otherwise', () => {
        assert.equal(inForce(), 'FollowSymLinks');
    });
    // As httpd's manual explains them in its chapter on merging.
    it('merge as in httpd', () => {
        assert.equal(inForce(scope('Indexes FollowSymLinks'), scope('Includes')), 'Includes IncludesExec');
        assert.equal(inForce(scope('Indexes FollowSymLinks'), scope('+Includes -Indexes')), 'FollowSymLinks Includes IncludesExec');
        assert.equal(inForce(scope('+Indexes')), 'FollowSymLinks Indexes');
        assert.equal(inForce(scope('-FollowSymLinks')), '');
        assert.equal(inForce(scope('None'), scope('+ExecCGI')), 'ExecCGI');
        assert.equal(inForce(scope('+ExecCGI'), scope('-ExecCGI'), scope('+Indexes')), 'FollowSymLinks Indexes');
        assert.equal(inForce(scope('+Indexes'), scope('All'), scope('-Indexes -Includes')), 'ExecCGI FollowSymLinks');
    });
    it('add up within a scope', () => {
        assert.equal(inForce(scope('Indexes', '+ExecCGI')), 'ExecCGI Indexes');
        assert.equal(inForce(scope('Indexes', 'ExecCGI')), 'ExecCGI');
        assert.equal(inForce(scope('+Indexes', '-Indexes')), 'FollowSymLinks');
    });
    it('take the right to run programs away with +IncludesNOEXEC', () => {
        assert.equal(inForce(scope('Includes'), scope('+IncludesNOEXEC')), 'Includes');
        assert.equal(inForce(scope('+Includes'), scope('+IncludesNOEXEC')), 'FollowSymLinks Includes');
        assert.equal(inForce(scope('IncludesNOEXEC'), scope('+Includes')), 'Includes IncludesExec');
    });
    it('do not put MultiViews into All', () => {
        assert.equal(inForce(scope('all')), 'ExecCGI FollowSymLinks Includes IncludesExec Indexes');
        assert.equal(inForce(scope('All -Indexes +MultiViews')).includes('MultiViews'), true);
    });
    const wrong = [
        ['Indexes +ExecCGI', 1, /either all Options start with \+ or -/],
        ['+Indexes ExecCGI', 1, /either all Options/],
        ['Indexes All', 1, /All must be the first/],
        ['Indexes None', 1, /None must be the first/],
        ['+None', 0, /takes no \+/],
        ['-All', 0, /takes no -/],
        ['Index', 0, /'Index' is not an option/],
    ];
    for (const [line, index, message] of wrong) {
        it(`refuse '${line}'`, () => {
            const outcome = applyOptionsLine(undefined, line.split(' '));
            assert.ok('message' in outcome);
            assert.equal(outcome.index, index);
            assert.match(outcome.message, message);
        });
    }
});
//# sourceMappingURL=directory-options.test.js.map