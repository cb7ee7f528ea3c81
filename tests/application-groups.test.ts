/** Application groups are interpreters of their own: modules of the same name meet in one, and not in two. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestServer, type TestServerOptions } from './support/server.js';

const script = `
import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
import settings
import mod_wsgi


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    names = (settings.NAME, environ["mod_wsgi.application_group"], mod_wsgi.application_group, str(len(sys.argv)))
    return [" ".join(names).encode("latin-1")]
`;

const files = {
  'one/site.wsgi': script,
  'one/settings.py': 'NAME = "one"\n',
  'two/site.wsgi': script,
  'two/settings.py': 'NAME = "two"\n',
};

function site(one: string, two: string, lines = ''): Pick<TestServerOptions, 'config' | 'files'> {
  return {
    config: ({ folder }) => `
ServerName www.example.com
WSGIDaemonProcess site threads=2
WSGIScriptAlias /one ${folder}/one/site.wsgi process-group=site application-group=${one}
WSGIScriptAlias /two ${folder}/two/site.wsgi process-group=site application-group=${two}
${lines}
`,
    files,
  };
}

describe('application groups', () => {
  it('keep modules of the same name apart', async () => {
    await using server = await TestServer.start(site('first', 'second'));
    assert.equal((await server.request('/one')).text, 'one first first 1');
    assert.equal((await server.request('/two')).text, 'two second second 1');
    assert.equal(server.daemonPids('site').length, 1);
  });

  it('let them meet where they are the same', async () => {
    await using server = await TestServer.start(site('same', 'same'));
    assert.equal((await server.request('/one')).text, 'one same same 1');
    assert.equal((await server.request('/two')).text, 'one same same 1');
  });
});
