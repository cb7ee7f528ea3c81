/** The addresses of <VirtualHost>: `*`, `*:80`, `_default_:443`, `192.0.2.4:80`, `[::1]:8080`, `name:80`. */
/** An address, or what is wrong with it. Port 0 is any port; names are not looked up here. */
export function parseHostAddress(text) {
    const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\*|\d+))?$/.exec(text);
    if (match === null) {
        return /:.*:/.test(text) && !text.includes('[')
            ? `address '${text}' needs brackets around the IPv6 address: [${text}]`
            : `address '${text}' must have the form host[:port]`;
    }
    const [, ipv6, plain = '', portText] = match;
    if (ipv6?.includes('%') === true)
        return `address '${text}' must not name an interface`;
    if (ipv6 !== undefined && !/^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/.test(ipv6)) {
        return `address '${text}' holds no IPv6 address in its brackets`;
    }
    // A number alone is a port to Apache, and then the host is missing.
    if (ipv6 === undefined && (plain === '' || /^\d+$/.test(plain)))
        return `address '${text}' has no host, write *:port`;
    const port = portText === undefined || portText === '*' ? 0 : Number(portText);
    if (portText !== undefined && portText !== '*' && (port < 1 || port > 65535)) {
        return `port of '${text}' must be from 1 to 65535`;
    }
    const host = (ipv6 ?? plain).toLowerCase();
    return Object.freeze({ host: host === '_default_' ? '*' : host, port });
}
//# sourceMappingURL=host-address.js.map