/**
 * The options of WSGIDaemonProcess: for each its syntax, its meaning for the documentation, and what it does to the
 * group that the line defines. The table of the directive is in daemon-directives.ts.
 */
import { identityOptions, pythonOptions, sizeOptions } from './daemon-identity-options.js';
import { channelOptions, lifeOptions } from './daemon-life-options.js';
/** Every option by its name, in the order of the documentation. */
export const daemonOptions = new Map([sizeOptions, identityOptions, pythonOptions, lifeOptions, channelOptions].flatMap((options) => Object.entries(options)));
//# sourceMappingURL=daemon-options.js.map