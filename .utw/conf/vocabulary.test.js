/** Names: how they are found, what is near them, and the forms in which modules are asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance, nearestName } from './edit-distance.js';
import { canonicalModule, findKnownModule } from './known-directives.js';
import { testVocabulary } from './vocabulary.test.fixture.js';
test('names are found in any case', () => {
    assert.equal(testVocabulary.find('servername')?.name, 'ServerName');
    assert.equal(testVocabulary.findSection('REQUIREALL')?.name, 'RequireAll');
    assert.equal(testVocabulary.find('RequireAll'), undefined);
});
test('the nearest name is one or a few slips away', () => {
    assert.equal(testVocabulary.nearest('WSGIProccessGroup'), 'WSGIProcessGroup');
    assert.equal(testVocabulary.nearest('Inlcude'), 'Include');
    assert.equal(testVocabulary.nearestSection('Direcotry'), 'Directory');
    assert.equal(testVocabulary.nearest('Zebra'), undefined);
    assert.equal(editDistance('ab', 'ba', 3), 1);
    assert.equal(editDistance('kitten', 'sitting', 3), 3);
    assert.equal(nearestName('x', ['y']), undefined);
});
test('a module is known by its file and its identifier', () => {
    for (const form of ['mod_wsgi.c', 'wsgi_module', 'mod_wsgi', 'wsgi', 'alias_module', 'core.c', 'mod_version.c']) {
        assert.equal(testVocabulary.hasModule(form), true, form);
    }
    assert.equal(testVocabulary.hasModule('mod_ssl.c'), false);
    assert.equal(canonicalModule('mpm_event_module'), canonicalModule('event.c'));
    assert.equal(canonicalModule('util_ldap.c'), canonicalModule('ldap_module'));
});
test("Apache's directives know their module", () => {
    assert.equal(findKnownModule('sslengine'), 'mod_ssl');
    assert.equal(findKnownModule('RewriteRule'), 'mod_rewrite');
    assert.equal(findKnownModule('WSGIDaemonProcess'), 'mod_wsgi');
    assert.equal(findKnownModule('IfModule'), 'core');
    assert.equal(findKnownModule('KeepAlive'), 'core');
});
//# sourceMappingURL=vocabulary.test.js.map