/** Files in memory for the tests of this folder, and the way to the folder of golden cases. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseConfig } from './parser.js';
import { testVocabulary } from './vocabulary.test.fixture.js';
/** src/conf/cases, wherever the compiled tests lie. */
export function casesFolder() {
    let folder = dirname(fileURLToPath(import.meta.url));
    while (!existsSync(join(folder, 'package.json')))
        folder = dirname(folder);
    return join(folder, 'src', 'conf', 'cases');
}
function systemError(code) {
    return Object.assign(new Error(code), { code });
}
/** Parser options over files by absolute path; a folder exists where a file lies below it. */
export function memoryFiles(files) {
    const paths = Object.keys(files);
    const isDirectory = (path) => paths.some((file) => file.startsWith(path.endsWith('/') ? path : `${path}/`));
    return {
        file: paths[0] ?? '/main.conf',
        vocabulary: testVocabulary,
        isDirectory,
        listDirectory(path) {
            if (!isDirectory(path))
                throw systemError('ENOENT');
            const prefix = path.endsWith('/') ? path : `${path}/`;
            const below = paths.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
            return [...new Set(below.map((file) => file.split('/')[0] ?? ''))].reverse();
        },
        readFile(path) {
            const content = files[path];
            if (content === undefined)
                throw systemError(isDirectory(path) ? 'EISDIR' : 'ENOENT');
            return content;
        },
    };
}
/** Parses one text as /main.conf, other files beside it. */
export function parseText(text, others = {}, options = {}) {
    return parseConfig({ ...memoryFiles({ '/main.conf': text, ...others }), ...options });
}
//# sourceMappingURL=memory-files.test.fixture.js.map