/**
 * The directive table: lines into settings, and how the scopes meet. What nested scopes inherit was compared with
 * Apache 2.4.71.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DirectiveError } from '../conf/directive.js';
import { SettingsBuilder } from '../conf/settings.js';
import { findDirectoryRewrite, findServerRewrite, rewriteDirectives } from './rewrite-directives.js';
const reports = [];
/** The settings of one scope with these lines. */
function scope(context, text, directory = '/srv/app') {
    const builder = new SettingsBuilder();
    for (const [index, source] of text.split('\n').entries()) {
        if (source === '')
            continue;
        const [name = '', ...words] = source.trim().split(/\s+/);
        const position = { file: 'test.conf', line: index + 1, column: 1 };
        const line = {
            name,
            args: words.map((word) => ({ text: word, position })),
            rawArgs: words.join(' '),
            position,
            context,
            sections: context === 'directory' ? ['Directory'] : [],
            sectionArgument: context === 'directory' ? directory : undefined,
            serverRootRelative: (path) => (path.startsWith('/') ? path : `/root/${path}`),
            report: (severity, message) => reports.push(`${severity}: ${message}`),
        };
        const definition = rewriteDirectives.find((each) => each.name === name);
        assert.ok(definition, `no directive ${name}`);
        definition.apply(line, builder);
    }
    return builder.build();
}
const main = (text) => scope('server config', text);
const host = (text) => scope('virtual host', text);
const directory = (text, path) => scope('directory', text, path);
function serverRules(settings, isVirtualHost) {
    return findServerRewrite(settings, isVirtualHost)
        ?.set.rules.map((rule) => rule.patternText)
        .join(' ');
}
function directoryRules(settings) {
    return findDirectoryRewrite(settings, main('RewriteEngine On'))
        ?.set.rules.map((rule) => rule.patternText)
        .join(' ');
}
test('rules need RewriteEngine On', () => {
    assert.equal(serverRules(main('RewriteRule ^/a -'), false), undefined);
    assert.equal(serverRules(main('RewriteEngine Off\nRewriteRule ^/a -'), false), undefined);
    assert.equal(serverRules(main('RewriteRule ^/a -\nRewriteEngine on'), false), '^/a');
});
test('conditions belong to the next rule, and label and text are kept for messages', () => {
    const rules = findServerRewrite(main('RewriteEngine On\nRewriteCond a b\nRewriteCond c d [OR]\nRewriteRule . -\nRewriteRule . -'), false);
    assert.deepEqual(rules?.set.rules.map((rule) => rule.conditions.length), [2, 0]);
    assert.equal(rules?.set.rules[0]?.label, 'test.conf:4:1');
});
const outer = 'RewriteEngine On\nRewriteMap up int:toupper\nRewriteRule main -';
test('a virtual host without a line of its own does not rewrite', () => {
    assert.equal(serverRules(main(outer).overlaid(host('')), true), undefined);
    assert.equal(serverRules(main(outer), true), undefined);
    assert.equal(serverRules(main(outer), false), 'main');
});
const hosts = [
    ['', 'RewriteRule own -', 'own', []],
    ['', 'RewriteOptions Inherit\nRewriteRule own -', 'own main', ['up']],
    ['', 'RewriteOptions InheritBefore\nRewriteRule own -', 'main own', ['up']],
    ['RewriteOptions InheritDown', 'RewriteRule own -', 'own main', ['up']],
    ['RewriteOptions InheritDownBefore', 'RewriteRule own -', 'main own', ['up']],
    ['RewriteOptions InheritDown', 'RewriteOptions IgnoreInherit\nRewriteRule own -', 'own', []],
];
for (const [more, own, rules, maps] of hosts) {
    test(`main server ${more || 'plain'}, virtual host ${own.split('\n')[0]}`, () => {
        const found = findServerRewrite(main(more === '' ? outer : `${outer}\n${more}`).overlaid(host(own)), true);
        assert.equal(found?.set.rules.map((rule) => rule.patternText).join(' '), rules);
        assert.deepEqual([...(found?.set.maps.keys() ?? [])], maps);
    });
}
const outerDirectory = 'RewriteEngine On\nRewriteBase /ob\nRewriteRule outer -';
const directories = [
    ['', 'RewriteEngine On', undefined],
    ['', 'RewriteRule inner -', 'inner'],
    ['', 'RewriteEngine Off\nRewriteRule inner -', undefined],
    ['', 'RewriteOptions Inherit\nRewriteRule inner -', 'inner outer'],
    ['', 'RewriteOptions InheritBefore\nRewriteRule inner -', 'outer inner'],
    ['RewriteOptions InheritDown', 'RewriteRule inner -', 'inner outer'],
    ['RewriteOptions InheritDown', 'RewriteOptions IgnoreInherit\nRewriteRule inner -', 'inner'],
    ['RewriteOptions MergeBase', 'RewriteRule inner -', 'inner', '/ob'],
    ['', 'RewriteOptions MergeBase\nRewriteRule inner -', 'inner', '/ob'],
    ['', 'RewriteBase /ib\nRewriteRule inner -', 'inner', '/ib'],
];
for (const [more, own, rules, base] of directories) {
    test(`directory ${more || 'plain'}, inner directory ${own.split('\n')[0]}`, () => {
        const around = directory(more === '' ? outerDirectory : `${outerDirectory}\n${more}`);
        const merged = around.overlaid(directory(own, '/srv/app/sub'));
        assert.equal(directoryRules(merged), rules);
        if (rules !== undefined) {
            const options = findDirectoryRewrite(merged, main(outer))?.options;
            assert.deepEqual([options?.directory, options?.base], ['/srv/app/sub', base]);
        }
    });
}
test('an inner section without any rewrite line leaves the outer rules as they are', () => {
    assert.equal(directoryRules(directory(outerDirectory).overlaid(directory(''))), 'outer');
});
test('rules of a directory look into the maps of the server', () => {
    const found = findDirectoryRewrite(directory(outerDirectory), main(outer));
    assert.deepEqual(found?.set.maps.get('up'), { kind: 'int', function: 'toupper' });
});
test('options reach the engine', () => {
    const found = findDirectoryRewrite(directory('RewriteEngine On\nRewriteOptions AllowNoSlash IgnoreContextInfo\nRewriteRule a -'), main(''));
    assert.deepEqual([found?.options.allowNoSlash, found?.options.ignoreContextInfo], [true, true]);
    assert.equal(findServerRewrite(main('RewriteEngine On\nRewriteOptions AllowAnyURI\nRewriteRule a -'), false)?.options
        .allowAnyUri, true);
});
test('map files are relative to ServerRoot', () => {
    const found = findServerRewrite(main('RewriteEngine On\nRewriteMap m txt:conf/m\nRewriteRule a -'), false);
    assert.deepEqual(found?.set.maps.get('m'), { kind: 'txt', path: '/root/conf/m' });
});
const refused = [
    ['server config', 'RewriteEngine maybe', 'maybe'],
    ['server config', 'RewriteRule a b [XX]', '[XX]'],
    ['server config', 'RewriteRule ( b', '('],
    ['server config', 'RewriteCond %{LA-U:X} b', '%{LA-U:X}'],
    ['server config', 'RewriteCond a b [XX]', '[XX]'],
    ['server config', 'RewriteMap a prg:/x', 'prg:/x'],
    ['server config', 'RewriteOptions Inherit Nope', 'Nope'],
    ['server config', 'RewriteOptions LegacyPrefixDocRoot', 'LegacyPrefixDocRoot'],
    ['directory', 'RewriteBase foo', 'foo'],
];
for (const [context, line, word] of refused) {
    test(`${line} is an error that points at ${word}`, () => {
        assert.throws(() => scope(context, line), (error) => error instanceof DirectiveError && error.word?.text === word);
    });
}
test('a slash that keeps a pattern from ever matching is reported', () => {
    reports.length = 0;
    directory('RewriteRule ^/a -\nRewriteRule ^a -');
    main('RewriteRule ^a -\nRewriteRule ^/a -\nRewriteRule ^(.*) -\nRewriteRule ^http://x -');
    host('RewriteOptions MaxRedirects=10');
    assert.deepEqual(reports, [
        "warning: '^/a' never matches here: the path below a directory has no slash at its start",
        "warning: '^a' never matches here: a URL path starts with a slash",
        "warning: 'MaxRedirects=10' does nothing since Apache 2.1",
    ]);
});
test('every directive has what the documentation needs', () => {
    for (const definition of rewriteDirectives) {
        assert.equal(definition.module, 'mod_rewrite');
        assert.ok(definition.summary.endsWith('.') && definition.syntax !== '' && definition.contexts.length > 0);
    }
});
//# sourceMappingURL=rewrite-directives.test.js.map