import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServerScope } from '../conf/config.js';
import { valueDirective } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
import { wsgiDirectives } from './directives.js';
import { catalogGroups, groupAccess, scriptsGroup } from './group-catalog.js';
import { resolveText } from './resolve-text.test.fixture.js';

const serverName: Setting<string> = { id: 'test.server-name' };
const names = [
  valueDirective(
    serverName,
    {
      name: 'ServerName',
      module: 'core',
      contexts: ['server config', 'virtual host'],
      syntax: 'name',
      summary: 'Name.',
    },
    (word) => word.text,
  ),
];

function catalogOf(text: string) {
  const { config, messages } = resolveText(text, wsgiDirectives, names);
  assert.deepEqual(messages, []);
  const catalog = catalogGroups(config, (server: ServerScope) => server.settings.find(serverName));
  return {
    ...catalog,
    messages: catalog.problems.map(
      (one) => `${one.position.line} ${one.isTolerated ? 'tolerated ' : ''}${one.severity}: ${one.message}`,
    ),
  };
}

const host = (name: string, body: string) => `<VirtualHost *:80>\nServerName ${name}\n${body}\n</VirtualHost>\n`;

describe('catalogGroups', () => {
  it('finds each group once, with its server', () => {
    const { groups, messages } = catalogOf(
      `WSGIDaemonProcess a\n${host('one', 'WSGIDaemonProcess b')}${host('two', 'WSGIDaemonProcess c')}`,
    );
    assert.deepEqual(messages, []);
    assert.deepEqual(
      [...groups.values()].map(({ group, server }) => [group.name, server.index]),
      [
        ['a', 0],
        ['b', 1],
        ['c', 2],
      ],
    );
  });

  it('refuses a name that another server has', () => {
    const { messages } = catalogOf(`WSGIDaemonProcess a\n${host('one', 'WSGIDaemonProcess a')}`);
    assert.deepEqual(messages, ["4 error: name duplicates previous WSGI daemon definition: 'a'"]);
  });

  it('lets hosts of one name share a group and no others', () => {
    const body = 'WSGIScriptAlias / /a process-group=b application-group=%{GLOBAL}';
    const { messages } = catalogOf(`${host('one', 'WSGIDaemonProcess b')}${host('one', body)}${host('two', body)}`);
    assert.equal(messages.length, 1);
    assert.match(messages[0] ?? '', /^11 error: WSGI process group not accessible: 'b'/);
  });

  it('tolerates a group that no line defines, and says so once', () => {
    const { messages } = catalogOf(
      `WSGIProcessGroup x\n<Location /a>\nWSGIProcessGroup y\n</Location>\n${host('one', 'WSGIScriptAlias / /a process-group=z')}`,
    );
    assert.deepEqual(
      messages.map((message) => message.replace(/:.*defines/, '').replace(/ \(write.*\)/, '')),
      [
        "1 tolerated error 'x'; requests will be answered with 500",
        "3 tolerated error 'y'; requests will be answered with 500",
        "7 tolerated error 'z'; requests will be answered with 500",
      ],
    );
  });

  it('suggests what to write', () => {
    assert.match(
      catalogOf('WSGIDaemonProcess mysite\nWSGIProcessGroup mysiet').messages.join(),
      /^2 tolerated error: .* defines 'mysiet' \(did you mean 'mysite'\?\); requests will be answered with 500$/,
    );
    assert.match(
      catalogOf(`${host('one', 'WSGIDaemonProcess b')}WSGIProcessGroup b`).messages.join(),
      /tolerated error: .*not matchable.*\(give both the same, or move the WSGIDaemonProcess line/,
    );
  });

  it('refuses to load scripts into groups that are not there', () => {
    const { messages, importScripts } = catalogOf(
      'WSGIImportScript /a process-group=x application-group=a\nWSGIScriptAlias / /a process-group=x application-group=a',
    );
    assert.equal(importScripts.length, 1);
    assert.deepEqual(
      messages.map((message) => message.slice(0, 44)),
      ['1 error: WSGI process group not yet configured', '2 error: WSGI process group not yet configured'].map((m) =>
        m.slice(0, 44),
      ),
    );
  });

  it('says nothing of embedded mode and of names that requests make', () => {
    const { messages } = catalogOf(
      'WSGIProcessGroup %{ENV:x}\nWSGIScriptAlias / /a process-group=%{GLOBAL} application-group=%{GLOBAL}',
    );
    assert.deepEqual(messages, []);
  });

  it('adds a hidden group where a scope has a script that the server asks', () => {
    assert.equal(catalogOf('WSGIDaemonProcess a').groups.has(scriptsGroup), false);
    for (const text of [
      'WSGIDispatchScript /d.py',
      host('one', 'WSGIDispatchScript /d.py'),
      '<Location /a>\nWSGIDispatchScript /d.py\n</Location>',
      '<Location /a>\nWSGIAccessScript /d.py\n</Location>',
      '<Location /a>\nWSGIAuthUserScript /d.py\n</Location>',
      host('one', '<Location /a>\nWSGIAuthGroupScript /d.py\n</Location>'),
    ]) {
      const catalog = catalogOf(`WSGIDaemonProcess a\nWSGIPythonHome /venv\n${text}`);
      assert.deepEqual([...catalog.groups.keys()], ['a', scriptsGroup]);
      const hidden = catalog.groups.get(scriptsGroup);
      assert.deepEqual(
        [hidden?.isHidden, hidden?.server.index, hidden?.group.processes, hidden?.group.displayName],
        [true, 0, 1, '(wsgi-scripts)'],
      );
    }
  });

  it('lets nobody define or choose the hidden group', () => {
    assert.deepEqual(catalogOf(`WSGIDaemonProcess ${scriptsGroup}`).messages, [
      `1 error: the name '${scriptsGroup}' is the server's own: choose another`,
    ]);
    const { groups, messages } = catalogOf(`WSGIDispatchScript /d.py\nWSGIProcessGroup ${scriptsGroup}`);
    assert.match(messages.join(), /^2 tolerated error: WSGI process group not yet configured/);
    const main = groups.get(scriptsGroup)?.server;
    assert.ok(main);
    assert.equal(
      groupAccess({ groups }, scriptsGroup, main, () => undefined),
      'unknown',
    );
  });

  it('looks at the groups of handler scripts', () => {
    assert.match(
      catalogOf('<Location /a>\nWSGIHandlerScript h /h.py process-group=x\n</Location>').messages.join(),
      /^2 tolerated error: WSGI process group not yet configured: .* 'x' \(write 'WSGIDaemonProcess x threads=15'\); requests will be answered with 500$/,
    );
  });
});
