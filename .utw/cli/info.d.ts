/** `stillhouse info`: what `httpd -V` and `mod_wsgi-express` tell about an installation. */
import { type ConfigFlags } from './config-flags.js';
export type InfoFlags = Partial<ConfigFlags>;
/** @returns the exit status */
export declare function info(flags: InfoFlags): number;
