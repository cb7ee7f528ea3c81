import assert from 'node:assert/strict';
import { BlockList, isIPv6 } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { findIpAddress, isInNetwork, parseIpNetwork } from './ip-network.js';
function contains(network, address) {
    const found = findIpAddress(address);
    return found !== undefined && isInNetwork(found, parseIpNetwork(network));
}
describe('IP networks', () => {
    it('match IPv6 and mapped IPv4 addresses', () => {
        assert.ok(contains('2001:db8::/32', '2001:db8:1::5'));
        assert.ok(!contains('2001:db8::/33', '2001:db8:8000::5'));
        assert.ok(contains('::1', '0:0:0:0:0:0:0:1'));
        assert.ok(contains('fe80::/10', 'fe80::1%eth0'));
        assert.ok(contains('10.0.0.0/8', '::ffff:10.1.2.3'));
        assert.ok(contains('10.0.0.0/8', '::FFFF:a01:203'));
        assert.ok(!contains('::/1', '10.1.2.3'));
        assert.equal(findIpAddress('/run/socket'), undefined);
        assert.equal(findIpAddress('1::2::3'), undefined);
        assert.equal(findIpAddress('1:2:3:4:5:6:7'), undefined);
        assert.equal(findIpAddress(''), undefined);
    });
    it('agree with node:net about every address and prefix', () => {
        fc.assert(fc.property(fc.ipV6(), fc.ipV6(), fc.integer({ min: 1, max: 128 }), (network, address, bits) => {
            fc.pre(isIPv6(network) &&
                isIPv6(address) &&
                findIpAddress(network)?.family === 6 &&
                findIpAddress(address)?.family === 6);
            const list = new BlockList();
            list.addSubnet(network, bits, 'ipv6');
            assert.equal(contains(`${network}/${bits}`, address), list.check(address, 'ipv6'));
            assert.ok(contains(`${network}/${bits}`, network));
        }));
        fc.assert(fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 1, max: 32 }), (network, address, bits) => {
            const list = new BlockList();
            list.addSubnet(network, bits, 'ipv4');
            assert.equal(contains(`${network}/${bits}`, address), list.check(address, 'ipv4'));
        }));
    });
});
//# sourceMappingURL=ip-network.test.js.map