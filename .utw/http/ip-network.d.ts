/**
 * IP networks as Require ip and Allow from write them, compiled to integers so that matching a request costs no
 * allocation worth naming. An IPv4 address that arrives in IPv6 clothes (::ffff:1.2.3.4) is an IPv4 address here.
 */
import { StillhouseError } from '../base/errors.js';
export type IpAddress = {
    readonly family: 4;
    readonly value: number;
} | {
    readonly family: 6;
    readonly value: bigint;
};
export type IpNetwork = {
    readonly family: 4;
    readonly network: number;
    readonly mask: number;
} | {
    readonly family: 6;
    readonly network: bigint;
    readonly mask: bigint;
};
/** A network that can't be compiled; the message names what is wrong with it. */
export declare class IpNetworkError extends StillhouseError {
    constructor(message: string);
}
/** Whether this is meant as an address rather than a host name: Apache's test, digits and dots or a colon. */
export declare function looksLikeIp(text: string): boolean;
/**
 * An address, the leading octets of one (`10`, `10.1.`), a network with a prefix length (`10.0.0.0/8`, `fd00::/8`) or,
 * for IPv4, a netmask (`10.0.0.0/255.0.0.0`). Host bits beyond the mask are ignored.
 * @throws IpNetworkError
 */
export declare function parseIpNetwork(text: string): IpNetwork;
/** Whether the address lies in the network. */
export declare function isInNetwork(address: IpAddress, network: IpNetwork): boolean;
/** 127.0.0.0/8 and ::1. */
export declare function isLoopback(address: IpAddress): boolean;
export declare function isSameAddress(one: IpAddress, other: IpAddress): boolean;
/** An address as a socket gives it, a zone (`%eth0`) left aside; undefined where it is none (a UNIX socket). */
export declare function findIpAddress(text: string): IpAddress | undefined;
