import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runPython } from '../base/python.test.fixture.js';
import { type DaemonProcessGroup, defaultDaemonProcessGroup } from './daemon-process-group.js';
import { makeDaemonSettings } from './daemon-settings.js';

const position = { file: 'f', line: 1, column: 1 };
const surroundings = {
  httpUid: 33,
  user: { uid: 5, gid: 6, name: 'u', home: '/h', groups: [7] },
  socket: '/s',
  scoreboard: '/b',
  timeoutSeconds: 60,
  pythonEggs: '/eggs',
  preload: [['/a.wsgi', '']] as const,
  logLevel: 'info',
  httpChildren: 1,
  mpmName: 'event',
  generation: 3,
  knownScripts: [],
  readyRequest: undefined,
  socketUid: undefined,
  random: () => 0.5,
  restrictSignal: true,
  restrictStdin: false,
  restrictStdout: true,
  destroyInterpreter: false,
  coreDumps: true,
  perInterpreterGil: false,
  interpreterOptions: [],
  httpGid: 34,
};

function group(change: Partial<DaemonProcessGroup> = {}): DaemonProcessGroup {
  return { ...defaultDaemonProcessGroup('g', position), ...change };
}

describe('makeDaemonSettings', () => {
  it('says everything under the names that the Python runtime knows, and nothing else', () => {
    const settings = makeDaemonSettings(group(), surroundings);
    const known = runPython(
      'import json, sys; from stillhouse.settings import Settings; s = Settings.decode(json.load(sys.stdin)); print(s.user.name, s.threads, s.socket_timeout, s.python_path)',
      JSON.stringify(settings),
    );
    assert.equal(known.trim(), 'u 15 60 []');
  });

  it('takes from the line what it says, else from the rest of the configuration', () => {
    const set = makeDaemonSettings(
      group({
        pythonPath: ['/own'],
        pythonEggs: '/own-eggs',
        socketTimeoutSeconds: 9,
        processesGiven: true,
        umask: 0,
        home: '/w',
        displayName: 'n',
      }),
      surroundings,
    );
    assert.deepEqual(
      [set.python_path, set.python_eggs, set.socket_timeout, set.multiprocess, set.umask, set.home, set.display_name],
      [['/own'], '/own-eggs', 9, true, 0, '/w', 'n'],
    );
    const unset = makeDaemonSettings(group(), { ...surroundings, pythonEggs: undefined, user: null });
    assert.deepEqual(
      [
        unset.python_eggs,
        unset.user,
        unset.umask,
        unset.home,
        unset.display_name,
        unset.multiprocess,
        unset.stack_size,
      ],
      [null, null, null, null, null, false, 0],
    );
  });

  it('passes on what the rest of the configuration says about interpreters and sockets', () => {
    const settings = makeDaemonSettings(group(), { ...surroundings, socketUid: 8 });
    assert.deepEqual(
      [settings.restrict_stdin, settings.restrict_stdout, settings.destroy_interpreter, settings.core_dumps],
      [false, true, false, true],
    );
    assert.deepEqual([settings.http_uid, settings.http_gid, settings.socket_uid], [33, 34, 8]);
    const normal = makeDaemonSettings(group(), { ...surroundings, httpGid: undefined });
    assert.deepEqual([normal.http_gid, normal.socket_uid], [null, null]);
  });

  it('knows a process that serves one request only', () => {
    assert.equal(makeDaemonSettings(group({ threads: 1, maximumRequests: 1 }), surroundings).run_once, true);
    assert.equal(makeDaemonSettings(group({ threads: 2, maximumRequests: 1 }), surroundings).run_once, false);
  });
});
