import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from './config-source.js';
import { walkPath } from './path-rights.js';
import { checkScripts } from './script-checks.js';
import type { Barrier, ScriptReaders } from './script-readers.js';

const folder = 0o040755;
const file = 0o100644;

const disk: Readonly<Record<string, number>> = {
  '/': folder,
  '/srv': folder,
  '/srv/site': folder,
  '/srv/site/app.wsgi': file,
  '/srv/site/private.wsgi': 0o100600,
  '/srv/closed': 0o040700,
  '/srv/closed/app.wsgi': file,
  '/srv/other': folder,
};

/** A machine on which everybody is one of the others. */
const readers: ScriptReaders = {
  walk: (path) =>
    walkPath(path, {
      lstat(one) {
        const mode = disk[one];
        return mode === undefined ? undefined : { uid: 0, gid: 0, mode };
      },
      readlink: () => '',
    }),
  findHttpBarrier: (path) => barrier(path, 'search'),
  findGroupBarrier: (_, path) => barrier(path, 'search') ?? barrier(path, 'read'),
  namesIn: (one) =>
    Object.keys(disk)
      .filter((path) => path.startsWith(`${one}/`))
      .map((path) => path.slice(one.length + 1)),
};

function barrier(path: string, needs: 'search' | 'read'): Barrier | undefined {
  const right = needs === 'search' ? 0o1 : 0o4;
  const step = readers.walk(path).steps.find((one) => one.needs === needs && (one.mode & right) === 0);
  return step === undefined ? undefined : { who: "user 'www'", step };
}

const group = 'WSGIDaemonProcess g\n';

function check(text: string): string[] {
  const { config } = loadConfig({ file: 'f', serverRoot: '/', text: group + text });
  return checkScripts(config, readers).map(
    ({ severity, position, message, isTolerated = false }) =>
      `${position.line} ${isTolerated ? 'tolerated ' : ''}${severity}: ${message}`,
  );
}

describe('checkScripts', () => {
  it('is content with a script that is there', () => {
    assert.deepEqual(check('WSGIScriptAlias / /srv/site/app.wsgi process-group=g'), []);
    assert.deepEqual(check('WSGIScriptAlias /scripts /srv/site process-group=g'), []);
    assert.deepEqual(check('WSGIScriptAlias /scripts/ /srv/site/ process-group=g'), []);
    assert.deepEqual(check('WSGIScriptAliasMatch ^/(.*) /none/$1.wsgi process-group=g'), []);
  });

  it('reports scripts that are not there, with the nearest name', () => {
    assert.deepEqual(check('WSGIScriptAlias / /srv/site/ap.wsgi process-group=g'), [
      "2 tolerated error: there is no '/srv/site/ap.wsgi' (did you mean '/srv/site/app.wsgi'?); requests will be answered with 404",
    ]);
    assert.deepEqual(check('WSGIScriptAlias / /srv/zzzzzz/app.wsgi process-group=g'), [
      "2 tolerated error: there is no '/srv/zzzzzz/app.wsgi', '/srv/zzzzzz' is missing: correct the path; requests will be answered with 404",
    ]);
    assert.match(
      check('WSGIImportScript /srv/none.py process-group=g application-group=%{GLOBAL}').join(),
      /^2 tolerated error: there is no '\/srv\/none\.py': correct the path; it is not loaded$/,
    );
    assert.match(
      check('<Location /a>\nWSGIHandlerScript h /srv/none.py process-group=g\n</Location>').join(),
      /^3 tolerated error: there is no .*; requests will be answered with 500$/,
    );
    assert.match(check('WSGIDispatchScript /srv/none.py').join(), /^2 tolerated error: .*; it is not asked$/);
  });

  it('says it once of a line of the main server', () => {
    const host = '<VirtualHost *:80>\nServerName a\n</VirtualHost>\n';
    assert.equal(check(`WSGIScriptAlias / /srv/none\nWSGIHandlerScript h /srv/none\n${host}${host}`).length, 2);
  });

  it('reports folders that are closed to the http children, and files that the group can not read', () => {
    assert.deepEqual(check('WSGIScriptAlias / /srv/closed/app.wsgi process-group=g'), [
      "2 tolerated error: '/srv/closed/app.wsgi' can't be read by user 'www', as whom the http children run: " +
        "folder '/srv/closed' (mode 0700, owner 0, group 0) is closed to it; write 'chmod o+x /srv/closed', " +
        'or let it run as another user; requests will be answered with 403',
    ]);
    assert.match(
      check('WSGIScriptAlias / /srv/site/private.wsgi\nWSGIProcessGroup g').join(),
      /^2 tolerated error: .* can't be read by user 'www', as whom daemon process group 'g' runs: mode 0600.* with 500$/,
    );
    assert.match(
      check('WSGIImportScript /srv/site/private.wsgi process-group=g application-group=%{GLOBAL}').join(),
      /can't be read by .*; it is not loaded$/,
    );
    // Which group it will be is seen with the request.
    assert.deepEqual(check('WSGIScriptAlias / /srv/site/private.wsgi process-group=%{ENV:G}'), []);
  });

  it('takes the group from the sections that hold for the script', () => {
    const text = 'WSGIScriptAlias / /srv/site/private.wsgi\n<Directory /srv/site>\nWSGIProcessGroup g\n</Directory>';
    assert.match(check(text).join(), /^2 tolerated error: .* daemon process group 'g' runs/);
  });

  it('reports scripts outside of the root folder of their group', () => {
    const text =
      'WSGIDaemonProcess inside chroot=/srv/other\nWSGIScriptAlias / /srv/site/app.wsgi process-group=inside';
    assert.match(check(text).join(), /^3 tolerated error: .* lies outside of chroot=\/srv\/other .* with 500$/);
  });

  it('knows folders of scripts', () => {
    assert.match(
      check('WSGIScriptAlias / /srv/site process-group=g').join(),
      /^2 warning: '\/srv\/site' is a folder: '\/' itself is answered with 403.*write the path of its script: '\/srv\/site\/app\.wsgi'$/,
    );
    assert.match(
      check('WSGIScriptAlias /s/ /srv/site process-group=g').join(),
      /^2 tolerated error: .*'\/s\/NAME' becomes '\/srv\/siteNAME'; write '\/srv\/site\/'/,
    );
    assert.match(
      check('WSGIHandlerScript h /srv/site process-group=g').join(),
      /^2 tolerated error: '\/srv\/site' is a folder: name the script in it; .* 500$/,
    );
  });

  it('warns of a slash behind the URL-path alone', () => {
    assert.match(
      check('WSGIScriptAlias /a/ /srv/site/app.wsgi process-group=g').join(),
      /^2 warning: '\/a\/' ends with a slash and the script's path does not: .*; write '\/a'$/,
    );
  });
});

describe('checkScripts: access', () => {
  const denied = '<Directory />\nRequire all denied\n</Directory>\n';
  const alias = 'WSGIScriptAlias / /srv/site/app.wsgi process-group=g\n';
  const grant = (section: string, line = 'Require all granted') =>
    `<${section}>\n${line}\n</${section.split(' ')[0]}>\n`;

  it('warns of a script that nobody may have', () => {
    assert.deepEqual(check(denied + alias), [
      "5 warning: requests for '/srv/site/app.wsgi' are refused by Require (f:3:1), answered with 403: " +
        "write 'Require all granted' in <Directory /srv/site>",
    ]);
    // What Apache 2.2 would have been content with.
    const old = grant('Directory /srv/site', 'Order allow,deny\nAllow from all');
    assert.match(check(denied + alias + old).join(), /^5 warning: .*refused by Require/);
    assert.match(
      check(alias + grant('Directory /srv/site', 'Order allow,deny\nDeny from all')).join(),
      /^2 warning: .*refused by Order, Allow or Deny .* instead of Order, Allow and Deny/,
    );
  });

  it('is content where someone gets through', () => {
    for (const rules of [
      grant('Directory /srv/site'),
      grant('Directory /srv/site', 'Require ip 192.0.2.0/24'),
      grant('Files app.wsgi'),
      grant('Location /'),
      grant('Directory /srv/site', 'Order deny,allow\nAllow from all\nSatisfy any'),
      // Denied as a whole, with something open in it.
      grant('Location /open'),
      grant('LocationMatch ^/open'),
    ]) {
      assert.deepEqual(check(denied + alias + rules), [], rules);
    }
    assert.deepEqual(check(alias), []);
  });

  it('does not know what holds for the scripts of a folder', () => {
    const scripts = 'WSGIScriptAlias /s /srv/site process-group=g\n';
    assert.equal(check(denied + scripts).length, 1);
    assert.deepEqual(check(denied + scripts + grant('Files app.wsgi')), []);
    assert.deepEqual(check(denied + scripts + grant('Directory /srv/site/sub')), []);
    assert.equal(check(denied + scripts + grant('Directory /srv/other')).length, 1);
  });
});

describe('checkScripts: sections', () => {
  const alias = 'WSGIScriptAlias /a /srv/site/app.wsgi process-group=g\n';
  const section = (name: string, line: string) => `<${name}>\n${line}\n</${name.split(' ')[0]}>\n`;

  it('warns of lines that hold for no script', () => {
    assert.deepEqual(check(alias + section('Directory /srv/other', 'WSGIPassAuthorization On')), [
      '4 warning: WSGIPassAuthorization has no effect: <Directory /srv/other> holds for no WSGI script; ' +
        'name the folder or the URL-path of one, or write the line outside of the section',
    ]);
    for (const name of ['Location /b', 'Files other.wsgi', 'DirectoryMatch ^/var']) {
      assert.match(check(alias + section(name, 'WSGIApplicationGroup %{GLOBAL}')).join(), /^4 warning: .* no effect/);
    }
    const host = `<VirtualHost *:80>\n${section('Location /b', 'WSGIProcessGroup g')}</VirtualHost>`;
    assert.match(check(alias + host).join(), /^5 warning: WSGIProcessGroup has no effect/);
  });

  it('is content where they may hold', () => {
    const line = 'WSGIPassAuthorization On';
    for (const name of [
      'Directory /srv',
      'Directory /srv/*',
      'Files app.wsgi',
      'Location /',
      'Location /a/b',
      'LocationMatch b',
    ]) {
      assert.deepEqual(check(alias + section(name, line)), [], name);
    }
    // Of these it is not known.
    assert.deepEqual(check(`WSGIScriptAliasMatch ^/(.) /srv/$1 process-group=g\n${section('Directory /x', line)}`), []);
    assert.deepEqual(check(`AddHandler wsgi-script .py\n${alias}${section('Directory /x', line)}`), []);
    assert.deepEqual(check(`${alias}${section('Location /b', `SetHandler wsgi-script\n${line}`)}`), []);
    assert.deepEqual(check(section('Location /b', line)), []);
  });

  it('warns where the line of the script says something else', () => {
    const off = 'WSGIScriptAlias /a /srv/site/app.wsgi process-group=g pass-authorization=Off\n';
    assert.match(
      check(off + section('Directory /srv/site', 'WSGIPassAuthorization On')).join(),
      /^4 warning: WSGIPassAuthorization has no effect: the WSGIScriptAlias lines .* have pass-authorization=, which comes first/,
    );
    assert.deepEqual(check(off + section('Directory /srv/site', 'WSGIPassAuthorization Off')), []);
    assert.deepEqual(check(alias + section('Directory /srv/site', 'WSGIProcessGroup g')), []);
  });
});
