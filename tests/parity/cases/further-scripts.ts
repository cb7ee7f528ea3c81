/** Scripts beside script aliases: handlers of files, dispatch scripts, and who must own a script. */

import { isRoot } from '../../support/accounts.js';
import type { ParityRequest, Scenario } from '../scenario.js';

const handler = `"""Shows its environ and whose handler it is, as JSON."""
import json

def handle_request(environ, start_response):
    shown = {key: value if isinstance(value, str) else repr(value) for key, value in environ.items()}
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(shown, sort_keys=True).encode("ascii")]
`;

const dispatch = `"""Chooses by the last component of the path."""

def choose(environ, kind):
    name = environ["PATH_INFO"].rsplit("/", 1)[-1]
    if name == kind + "-raises":
        raise KeyError(kind)
    if name == kind + "-number":
        return 5
    if name == kind + "-no-latin":
        return "\\u20ac"
    return {
        "two": {"process": "two"},
        "bytes": {"process": b"two"},
        "variable": {"process": "%{ENV:GROUP}"},
        "nobody": {"process": "nobody"},
        "main": {"application": "%{GLOBAL}"},
        "other": {"callable": "other"},
        "bytes-other": {"callable": b"other"},
        "no-such-callable": {"callable": "missing"},
        "token-callable": {"callable": "%{ENV:CALLABLE}"},
        "unset-token-callable": {"callable": "%{ENV:NOTHING}"},
        "restricted": {"process": "three"},
    }.get(name, {}).get(kind)

def process_group(environ):
    assert environ["mod_wsgi.process_group"] == "" and "wsgi.input" not in environ
    return choose(environ, "process")

def application_group(environ):
    return choose(environ, "application")

def callable_object(environ):
    return choose(environ, "callable")
`;

const dispatched = `"""Says where it runs."""

def application(environ, start_response, by=b"application"):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [by + b" in " + environ["mod_wsgi.process_group"].encode() + b" " + environ["wsgi.input"].read()]

def other(environ, start_response):
    return application(environ, start_response, b"other")
`;

const shown = [
  'SCRIPT_NAME',
  'PATH_INFO',
  'SCRIPT_FILENAME',
  'REQUEST_URI',
  'HTTP_AUTHORIZATION',
  'mod_wsgi.request_handler',
  'mod_wsgi.handler_script',
  'mod_wsgi.callable_object',
  'mod_wsgi.process_group',
];

function handled(target: string, name = target): ParityRequest {
  return { name, target, status: 200, environ: shown, headers: [['Authorization', 'Basic eDp5']] };
}

function dispatchedTo(name: string, status: number, shows?: string): ParityRequest {
  return { name, target: `/app/${name}`, status, ...(shows === undefined ? {} : { shows }) };
}

const granted = `
WSGIApplicationGroup %{GLOBAL}
<Directory \${ROOT}>
    Require all granted
</Directory>
`;

export const furtherScriptScenarios: readonly Scenario[] = [
  {
    name: 'handler scripts',
    files: {
      'handlers/one.py': handler,
      'handlers/two.py': handler,
      'handlers/without.py': 'def application(environ, start_response): pass\n',
      'documents/page.doc': 'page',
      'documents/page.doc.txt': 'page',
      'documents/folder/file.txt': 'file',
      'documents/plain.txt': 'plain',
    },
    config: `${granted}
DocumentRoot \${ROOT}/documents
WSGIDaemonProcess one threads=2
WSGIDaemonProcess two threads=2
WSGIProcessGroup one
WSGICallableObject nothing
WSGIHandlerScript first \${ROOT}/handlers/one.py
WSGIHandlerScript second \${ROOT}/handlers/one.py process-group=two pass-authorization=On
WSGIHandlerScript without \${ROOT}/handlers/without.py
WSGIHandlerScript absent \${ROOT}/handlers/absent.py
WSGIHandlerScript nowhere \${ROOT}/handlers/one.py process-group=nobody
AddHandler first .doc
<Location /second>
    SetHandler second
</Location>
<Location /inner>
    WSGIHandlerScript first \${ROOT}/handlers/two.py
    SetHandler first
</Location>
<Location /strict>
    SetHandler first
    AcceptPathInfo Off
</Location>
<Location /without>
    SetHandler without
</Location>
<Location /absent>
    SetHandler absent
</Location>
<Location /nowhere>
    SetHandler nowhere
</Location>
RewriteEngine On
RewriteRule ^/by-rule/ - [H=second]
`,
    requests: [
      handled('/page.doc', 'a file by its extension'),
      handled('/page.doc/more/of//it', 'with path information'),
      handled('/page.doc.txt', 'one extension of several'),
      { name: 'another file', target: '/plain.txt', status: 200 },
      { name: 'no such file of the extension', target: '/absent.doc', status: 200, environ: shown },
      handled('/second/a/b', 'a location without a file'),
      handled('/second?x=1', 'a query'),
      { ...handled('/second', 'a POST'), method: 'POST', body: 'a=b' },
      handled('/inner/x', 'a handler that the section defines anew'),
      handled('/by-rule/x', 'a handler by RewriteRule'),
      { name: 'AcceptPathInfo Off', target: '/strict/more', status: 404 },
      {
        name: 'no handle_request',
        target: '/without',
        status: 500,
        logged: "does not contain WSGI application 'handle_request'",
      },
      { name: 'no script', target: '/absent', status: 500 },
      { name: 'no such process group', target: '/nowhere', status: 500 },
    ],
  },
  {
    name: 'a dispatch script',
    files: { 'dispatch.py': dispatch, 'wsgi-scripts/dispatched.wsgi': dispatched, 'broken.py': '1 / 0\n' },
    config: `${granted}
WSGIDaemonProcess one threads=2
WSGIDaemonProcess two threads=2
WSGIDaemonProcess three threads=2
WSGIProcessGroup one
WSGIRestrictProcess one two nobody
WSGIScriptAlias /app \${ROOT}/wsgi-scripts/dispatched.wsgi
WSGIScriptAlias /alias \${ROOT}/wsgi-scripts/dispatched.wsgi process-group=one callable-object=other
WSGIScriptAlias /broken \${ROOT}/wsgi-scripts/dispatched.wsgi
WSGIScriptAlias /absent \${ROOT}/wsgi-scripts/dispatched.wsgi
SetEnv CALLABLE other
SetEnv GROUP two
WSGIDispatchScript \${ROOT}/dispatch.py application-group=%{GLOBAL}
<Location /broken>
    WSGIDispatchScript \${ROOT}/broken.py
</Location>
<Location /absent>
    WSGIDispatchScript \${ROOT}/absent.py
</Location>
`,
    requests: [
      dispatchedTo('nothing-chosen', 200, 'application in one'),
      dispatchedTo('two', 200, 'application in two'),
      dispatchedTo('bytes', 200, 'application in two'),
      dispatchedTo('variable', 200, 'application in two'),
      dispatchedTo('nobody', 500),
      dispatchedTo('restricted', 500),
      dispatchedTo('main', 200),
      dispatchedTo('other', 200, 'other in one'),
      dispatchedTo('bytes-other', 200, 'other in one'),
      dispatchedTo('token-callable', 200, 'other in one'),
      dispatchedTo('unset-token-callable', 200, 'application in one'),
      dispatchedTo('no-such-callable', 500),
      ...['process', 'application', 'callable'].flatMap((kind) => [
        dispatchedTo(`${kind}-raises`, 500),
        dispatchedTo(`${kind}-number`, 500),
        dispatchedTo(`${kind}-no-latin`, 500),
      ]),
      { name: 'a body', target: '/app/two', method: 'POST', body: 'the body', status: 200, shows: 'two the body' },
      { name: 'over the options of an alias', target: '/alias/two', status: 200, shows: 'other in two' },
      {
        name: 'a script that fails',
        target: '/broken/two',
        status: 200,
        shows: 'application in one',
        logged: 'ZeroDivisionError',
      },
      { name: 'a script that is not there', target: '/absent/two', status: 200, shows: 'application in one' },
    ],
  },
  {
    name: 'owners of scripts',
    config: `${granted}
WSGIDaemonProcess by-root threads=2 script-user=root
WSGIDaemonProcess by-root-group threads=2 script-group=root
WSGIDaemonProcess by-daemon threads=2 script-user=daemon
WSGIDaemonProcess by-daemon-group threads=2 script-group=daemon
WSGIScriptAlias /root \${ROOT}/wsgi-scripts/probe.wsgi process-group=by-root
WSGIScriptAlias /root-group \${ROOT}/wsgi-scripts/probe.wsgi process-group=by-root-group
WSGIScriptAlias /daemon \${ROOT}/wsgi-scripts/probe.wsgi process-group=by-daemon
WSGIScriptAlias /daemon-group \${ROOT}/wsgi-scripts/probe.wsgi process-group=by-daemon-group
`,
    requests: [
      // The files are made by who runs the tests.
      ...(isRoot ? ['/root', '/root-group'].map((target) => ({ name: target, target, status: 200 })) : []),
      {
        name: 'another user',
        target: '/daemon',
        status: 403,
        logged: 'Owner of WSGI script file does not match required user for daemon process, user=',
      },
      {
        name: 'another group',
        target: '/daemon-group',
        status: 403,
        logged: 'Group of WSGI script file does not match required group for daemon process, group=',
      },
    ],
  },
];
