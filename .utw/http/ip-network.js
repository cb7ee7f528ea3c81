/**
 * IP networks as Require ip and Allow from write them, compiled to integers so that matching a request costs no
 * allocation worth naming. An IPv4 address that arrives in IPv6 clothes (::ffff:1.2.3.4) is an IPv4 address here.
 */
import { StillhouseError } from '../base/errors.js';
/** A network that can't be compiled; the message names what is wrong with it. */
export class IpNetworkError extends StillhouseError {
    constructor(message) {
        super('config', message);
    }
}
const allOnes6 = (1n << 128n) - 1n;
const mappedPrefix = 0xffffn << 32n;
/** Whether this is meant as an address rather than a host name: Apache's test, digits and dots or a colon. */
export function looksLikeIp(text) {
    return /^[\d.]+(?:\/|$)/.test(text) || text.includes(':');
}
/**
 * An address, the leading octets of one (`10`, `10.1.`), a network with a prefix length (`10.0.0.0/8`, `fd00::/8`) or,
 * for IPv4, a netmask (`10.0.0.0/255.0.0.0`). Host bits beyond the mask are ignored.
 * @throws IpNetworkError
 */
export function parseIpNetwork(text) {
    const slash = text.indexOf('/');
    const addressText = slash < 0 ? text : text.slice(0, slash);
    const maskText = slash < 0 ? undefined : text.slice(slash + 1);
    if (addressText.includes(':'))
        return parseNetwork6(text, addressText, maskText);
    const value = parseOctets(addressText);
    if (value !== undefined && addressText.split('.').length === 4) {
        const mask = maskText === undefined ? 0xffffffff : parseMask4(text, maskText);
        return { family: 4, network: (value & mask) >>> 0, mask };
    }
    if (maskText !== undefined)
        throw new IpNetworkError(`'${text}' has a mask but no complete IP address`);
    return parsePartial(text);
}
/** Whether the address lies in the network. */
export function isInNetwork(address, network) {
    if (address.family === 4) {
        return network.family === 4 && (address.value & network.mask) >>> 0 === network.network;
    }
    return network.family === 6 && (address.value & network.mask) === network.network;
}
/** 127.0.0.0/8 and ::1. */
export function isLoopback(address) {
    return address.family === 4 ? address.value >>> 24 === 127 : address.value === 1n;
}
export function isSameAddress(one, other) {
    return one.family === other.family && one.value === other.value;
}
/** An address as a socket gives it, a zone (`%eth0`) left aside; undefined where it is none (a UNIX socket). */
export function findIpAddress(text) {
    if (!text.includes(':')) {
        const value = text.split('.').length === 4 ? parseOctets(text) : undefined;
        return value === undefined ? undefined : { family: 4, value };
    }
    const percent = text.indexOf('%');
    const value = parseIp6(percent < 0 ? text : text.slice(0, percent));
    if (value === undefined)
        return undefined;
    return value >> 32n === mappedPrefix >> 32n
        ? { family: 4, value: Number(value & 0xffffffffn) }
        : { family: 6, value };
}
function parsePartial(text) {
    const octets = text.endsWith('.') ? text.slice(0, -1) : text;
    const count = octets.split('.').length;
    const value = parseOctets(octets);
    if (value === undefined || count > 3)
        throw new IpNetworkError(`'${text}' is not an IP address`);
    const mask = (0xffffffff << (8 * (4 - count))) >>> 0;
    return { family: 4, network: (value << (8 * (4 - count))) >>> 0, mask };
}
function parseMask4(whole, text) {
    if (text.includes('.')) {
        const mask = text.split('.').length === 4 ? parseOctets(text) : undefined;
        if (mask === undefined)
            throw new IpNetworkError(`'${text}' is not a netmask, in '${whole}'`);
        return mask;
    }
    return (0xffffffff << (32 - parsePrefixLength(whole, text, 32))) >>> 0;
}
function parseNetwork6(whole, addressText, maskText) {
    const value = parseIp6(addressText);
    if (value === undefined)
        throw new IpNetworkError(`'${addressText}' is not an IP address`);
    if (value >> 32n === mappedPrefix >> 32n) {
        throw new IpNetworkError(`'${whole}' is an IPv4 address written as IPv6: write it as IPv4`);
    }
    const length = maskText === undefined ? 128 : parsePrefixLength(whole, maskText, 128);
    const mask = allOnes6 ^ (allOnes6 >> BigInt(length));
    return { family: 6, network: value & mask, mask };
}
/** Apache takes no /0: `all` says that. */
function parsePrefixLength(whole, text, max) {
    const length = /^\d+$/.test(text) ? Number(text) : 0;
    if (length < 1 || length > max)
        throw new IpNetworkError(`the mask of '${whole}' must be from 1 to ${max} bits`);
    return length;
}
/** One to four octets as one number, the last octet lowest; undefined where the text is something else. */
function parseOctets(text) {
    let value = 0;
    let octet = -1;
    let octets = 1;
    for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code === 0x2e) {
            if (octet < 0 || ++octets > 4)
                return undefined;
            value = value * 256 + octet;
            octet = -1;
        }
        else if (code >= 0x30 && code <= 0x39) {
            octet = Math.max(octet, 0) * 10 + code - 0x30;
            if (octet > 255)
                return undefined;
        }
        else {
            return undefined;
        }
    }
    return octet < 0 ? undefined : value * 256 + octet;
}
function parseIp6(text) {
    const halves = text.split('::');
    if (halves.length > 2)
        return undefined;
    const head = parseGroups(halves[0] ?? '', halves.length === 1);
    const tail = halves.length === 1 ? [] : parseGroups(halves[1] ?? '', true);
    if (head === undefined || tail === undefined)
        return undefined;
    const missing = 8 - head.length - tail.length;
    if (halves.length === 1 ? missing !== 0 : missing < 1)
        return undefined;
    let value = 0n;
    for (const group of [...head, ...new Array(missing).fill(0), ...tail])
        value = (value << 16n) | BigInt(group);
    return value;
}
/** Groups of sixteen bits; `mayEndInIp4` allows the last two to be written as an IPv4 address. */
function parseGroups(text, mayEndInIp4) {
    if (text === '')
        return [];
    const groups = [];
    const parts = text.split(':');
    for (const [index, part] of parts.entries()) {
        if (part.includes('.') && mayEndInIp4 && index === parts.length - 1) {
            const value = part.split('.').length === 4 ? parseOctets(part) : undefined;
            if (value === undefined)
                return undefined;
            groups.push(value >>> 16, value & 0xffff);
        }
        else if (/^[\da-f]{1,4}$/i.test(part)) {
            groups.push(Number.parseInt(part, 16));
        }
        else {
            return undefined;
        }
    }
    return groups;
}
//# sourceMappingURL=ip-network.js.map