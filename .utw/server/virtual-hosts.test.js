import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveText } from '../wsgi/resolve-text.test.fixture.js';
import { coreServerDirectives, serverSettings } from './core-server-directives.js';
import { VirtualHosts } from './virtual-hosts.js';
const addressesOf = (name) => (name === 'known.example' ? ['192.0.2.7', '2001:db8::7'] : []);
/** Finds hosts by the ServerName of the one that answers. */
function finder(text) {
    const { config, messages } = resolveText(text, coreServerDirectives);
    assert.deepEqual(messages, []);
    const hosts = new VirtualHosts(config, addressesOf);
    return (address, port, name) => hosts.find(address, port, name).settings.find(serverSettings.serverName)?.host ?? '-';
}
const host = (addresses, name, more = '') => `<VirtualHost ${addresses}>\nServerName ${name}\n${more}\n</VirtualHost>\n`;
describe('VirtualHosts', () => {
    it('lets the main server answer where no virtual host has the address', () => {
        const find = finder(`ServerName main\n${host('192.0.2.1:80', 'a')}${host('*:8080', 'b')}`);
        assert.deepEqual([find('192.0.2.2', 80, 'a'), find('192.0.2.1', 81, 'a'), find('192.0.2.2', 8080, 'a')], ['main', 'main', 'b']);
    });
    it('takes the first of an address by default, and the one of the name where there is one', () => {
        const find = finder(`ServerName main\n${host('*:80', 'a')}${host('*:80', 'b')}${host('*:80', 'c', 'ServerAlias d *.e.org x?z')}`);
        assert.deepEqual([undefined, 'a', 'b', 'd', 'www.e.org', 'e.org', 'xyz', 'xyyz', 'main', 'unknown'].map((name) => find('10.0.0.1', 80, name)), ['a', 'a', 'b', 'c', 'c', 'a', 'c', 'a', 'a', 'a']);
    });
    it('counts an exact address before a star, and an exact port before any', () => {
        const find = finder(host('*', 'star') +
            host('*:80', 'star-80') +
            host('192.0.2.1', 'address') +
            host('192.0.2.1:80', 'address-80') +
            host('[2001:db8::1]:80', 'six'));
        assert.deepEqual([
            find('10.0.0.1', 81),
            find('10.0.0.1', 80),
            find('192.0.2.1', 81),
            find('192.0.2.1', 80),
            find('2001:db8::1', 80),
            find('2001:db8::1', 81),
        ], ['star', 'star-80', 'address', 'address-80', 'six', 'star']);
        const without = finder(host('*:80', 'star-80') + host('192.0.2.1', 'address'));
        assert.deepEqual([without('192.0.2.1', 80), without('192.0.2.1', 81)], ['address', 'address']);
        // A host of a worse address is not found by its name.
        assert.equal(find('192.0.2.1', 80, 'star'), 'address-80');
    });
    it('lets one host stand at several addresses', () => {
        const find = finder(host('192.0.2.1:80 192.0.2.2:81 _default_:82', 'a'));
        assert.deepEqual([find('192.0.2.1', 80), find('192.0.2.2', 81), find('192.0.2.2', 80), find('10.1.1.1', 82)], ['a', 'a', '-', 'a']);
    });
    it('looks names of addresses up; an unknown one answers by name anywhere', () => {
        const find = finder(host('known.example:80', 'a') + host('nobody.example:81', 'b'));
        assert.deepEqual([find('192.0.2.7', 80), find('2001:db8::7', 80), find('192.0.2.8', 80), find('192.0.2.8', 81)], ['a', 'a', '-', 'b']);
    });
    it('gives the same answers after a client has sent thousands of names', () => {
        const find = finder(host('*:80', 'a') + host('*:80', 'b'));
        for (let index = 0; index < 5000; index++)
            assert.equal(find('10.0.0.1', 80, `invented-${index}`), 'a');
        assert.equal(find('10.0.0.1', 80, 'b'), 'b');
    });
});
//# sourceMappingURL=virtual-hosts.test.js.map