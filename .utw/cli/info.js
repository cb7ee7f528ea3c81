/** `stillhouse info`: what `httpd -V` and `mod_wsgi-express` tell about an installation. */
import { availableParallelism } from 'node:os';
import { ProcessError } from '../base/errors.js';
import { mpmSettings } from '../server/mpm-directives.js';
import { defaultRuntimeBase } from '../server/runtime-folder.js';
import { serverVersion } from '../server/server-version.js';
import { findInterpreter, probePython } from '../wsgi/python-probe.js';
import { definitionSettings, pythonSettings } from '../wsgi/settings.js';
import { loadFromFlags } from './config-flags.js';
import { hasErrors, printProblems } from './problems.js';
/** @returns the exit status */
export function info(flags) {
    const loaded = flags.config === undefined ? undefined : loadFromFlags({ ...flags, config: flags.config });
    if (loaded !== undefined && hasErrors(loaded.allProblems)) {
        printProblems(loaded.allProblems, ['error']);
        return 1;
    }
    const settings = loaded?.config.main.settings;
    const children = settings?.find(mpmSettings.startServers);
    print('Server version', `${serverVersion} (Unix)`);
    print('Compatibility', 'mod_wsgi/6.0.5, Apache/2.4 configuration');
    print('Node.js', process.version);
    print('Architecture', `${process.platform} ${process.arch}, ${availableParallelism()} processors`);
    print('Python', describePython(settings?.find(pythonSettings.pythonHome)));
    print('Server MPM', 'event');
    print('  threaded', 'no (one event loop in each http child)');
    print('  forked', `yes (http children: ${children ?? 'one for every four processors, at least one'})`);
    print('Embedded mode', 'not supported by this build');
    print('Application groups', '%{GLOBAL} only');
    print('Runtime folder', defaultRuntimeBase());
    for (const server of loaded?.config.servers ?? []) {
        if (server.index !== 0)
            continue;
        for (const group of server.settings.get(definitionSettings.daemonProcesses, [])) {
            print('Process group', `${group.name}: ${group.processes} processes x ${group.threads} threads`);
        }
    }
    return 0;
}
function describePython(home) {
    try {
        const python = probePython(findInterpreter(home), undefined);
        return `${python.version.join('.')} (${python.executable})`;
    }
    catch (error) {
        if (error instanceof ProcessError)
            return error.message;
        throw error;
    }
}
function print(name, value) {
    console.log(`${`${name}:`.padEnd(20)} ${value}`);
}
//# sourceMappingURL=info.js.map