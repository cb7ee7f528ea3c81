/** What the server calls itself. */
import { readFileSync } from 'node:fs';
const packageFile = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
/** `0.1.0` */
export const packageVersion = packageFile.version;
/** `Stillhouse/0.1.0` */
export const serverVersion = `Stillhouse/${packageVersion}`;
/** The Server field under ServerTokens. */
export function formatServerHeader(tokens) {
    const [major, minor] = packageVersion.split('.');
    switch (tokens) {
        case 'Prod':
            return 'Stillhouse';
        case 'Major':
            return `Stillhouse/${major}`;
        case 'Minor':
            return `Stillhouse/${major}.${minor}`;
        case 'Min':
            return serverVersion;
        case 'OS':
            return `${serverVersion} (Unix)`;
        case 'Full':
            return `${serverVersion} (Unix)`;
    }
}
//# sourceMappingURL=server-version.js.map