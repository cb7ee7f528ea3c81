/** Whom the server's processes run as. Only where it was started as root; otherwise everything stays who we are. */
import type { Settings } from '../conf/settings.js';
import type { DaemonSettings } from '../wsgi/daemon-handle.js';
import type { DaemonProcessGroup } from '../wsgi/daemon-process-group.js';
import { type Account } from './accounts.js';
/** The http children's user. Undefined: as started. @throws ProcessError where it does not exist or is root */
export declare function findHttpAccount(settings: Settings, mayStayRoot: boolean): Account | undefined;
/** Whom the processes of a group become. `http` is undefined where nobody changes identity. @throws ProcessError */
export declare function findDaemonUser(group: DaemonProcessGroup, http: Account | undefined): DaemonSettings['user'];
