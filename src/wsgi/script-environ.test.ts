import assert from 'node:assert/strict';
import { it } from 'node:test';
import { runPython } from '../base/python.test.fixture.js';
import { MarshalWriter } from '../wire/marshal.js';
import { type AuthQuestion, type ScriptEnvironFacts, writeQuestion } from './script-environ.js';

const plain: ScriptEnvironFacts = {
  method: 'GET',
  rawTarget: '/app/x?a=b',
  query: 'a=b',
  scriptName: '/app',
  pathInfo: '/x',
  protocol: 'HTTP/1.1',
  tls: undefined,
  rawHeaders: ['Host', 'x', 'Authorization', 'Basic abc', 'Proxy-Authorization', 'Basic abc', 'X-Seen', 'yes'],
  serverName: 'localhost',
  serverPort: 8000,
  localAddress: '127.0.0.1',
  remoteAddress: '192.0.2.1',
  remotePort: 5555,
  serverSoftware: 'Stillhouse',
  serverAdmin: undefined,
  documentRoot: '/srv',
};

function decode(question: AuthQuestion, changes: Partial<ScriptEnvironFacts> = {}): { environ: object; facts: object } {
  const writer = new MarshalWriter();
  writer.reset();
  writeQuestion(writer, { ...plain, ...changes }, '/srv/auth.py', question, true);
  const program =
    'import json, marshal, sys; e, f = marshal.load(sys.stdin.buffer); print(json.dumps({"environ": e, "facts": f}))';
  return JSON.parse(runPython(program, writer.bytes()));
}

it('a script is told of the request, but not of its credentials', () => {
  const { environ } = decode({ function: 'allow_access', host: '192.0.2.1' });
  assert.deepEqual(environ, {
    HTTP_HOST: 'x',
    HTTP_X_SEEN: 'yes',
    REQUEST_METHOD: 'GET',
    REQUEST_URI: '/app/x?a=b',
    QUERY_STRING: 'a=b',
    SCRIPT_NAME: '/app',
    PATH_INFO: '/x',
    SERVER_PROTOCOL: 'HTTP/1.1',
    SERVER_NAME: 'localhost',
    SERVER_PORT: '8000',
    SERVER_ADDR: '127.0.0.1',
    SERVER_SOFTWARE: 'Stillhouse',
    REMOTE_ADDR: '192.0.2.1',
    REMOTE_PORT: '5555',
    DOCUMENT_ROOT: '/srv',
  });
});

it('the question names the script by its function', () => {
  assert.deepEqual(decode({ function: 'check_password', user: 'é', password: 'ÿ' }).facts, {
    check_password: '/srv/auth.py',
    user: 'é',
    password: 'ÿ',
    reloads: true,
    https: false,
  });
  const tls = new Map([['SSL_PROTOCOL', 'TLSv1.3']]);
  assert.deepEqual(decode({ function: 'groups_for_user', user: 'ann' }, { tls }).facts, {
    groups_for_user: '/srv/auth.py',
    user: 'ann',
    reloads: true,
    https: true,
    'tls SSL_PROTOCOL': 'TLSv1.3',
  });
});
