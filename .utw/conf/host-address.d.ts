/** The addresses of <VirtualHost>: `*`, `*:80`, `_default_:443`, `192.0.2.4:80`, `[::1]:8080`, `name:80`. */
import type { HostAddress } from './config.js';
/** An address, or what is wrong with it. Port 0 is any port; names are not looked up here. */
export declare function parseHostAddress(text: string): HostAddress | string;
