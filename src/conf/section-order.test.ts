/** The order in which sections apply, as measured on httpd 2.4.71 with one Header line per section. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Section } from './config.js';
import { parseText } from './memory-files.test.fixture.js';
import { noClasses } from './override-policy.js';
import { resolveAccessFile, resolveConfig } from './resolver.js';
import {
  MAX_MERGED_SETTINGS,
  type MatchTarget,
  matchLocations,
  matchSections,
  SettingsMerger,
} from './section-matching.js';
import { documentRoot, marks, requirements, serverName, testVocabulary } from './vocabulary.test.fixture.js';

function resolve(text: string) {
  const parsed = parseText(text);
  const resolved = resolveConfig(parsed.tree, testVocabulary);
  assert.deepEqual([...parsed.problems, ...resolved.problems], []);
  return resolved.config;
}

function section(kind: string, argument: string, mark: string, inner = ''): string {
  return `<${kind} ${argument}>\nMark ${mark}\n${inner}</${kind}>\n`;
}

/** The marks in force for a request to the server of that index. */
function marked(text: string, target: MatchTarget, server = 0): string {
  const scope = resolve(text).servers[server];
  assert.ok(scope);
  const settings = new SettingsMerger(scope).merge(matchSections(scope, target));
  return settings.get(marks, []).join(' ');
}

const FILE: MatchTarget = { urlPath: '/a/b/f.html', directory: '/srv/a/b', filename: '/srv/a/b/f.html' };

test('server, folders, expressions, files, locations, whatever their order in the file', () => {
  const text =
    section('Location', '/a', 'location') +
    section('Files', 'f.html', 'files') +
    section('DirectoryMatch', '^/srv', 'expression') +
    section('Directory', '/srv/a', 'folder') +
    'Mark server\n';
  assert.equal(marked(text, FILE), 'server folder expression files location');
});

test('shorter folders come first, wildcards among plain ones by their number of components', () => {
  const text =
    section('Directory', '/srv/a/b/', 'ab') +
    section('Directory', '/srv/*', 'star') +
    section('Directory', '/*/a', 'star-a') +
    section('Directory', '"/srv//x/../a/."', 'dots') +
    section('Directory', '/srv/a', 'a') +
    section('Directory', '/', 'root') +
    section('Directory', '/srv/a/bb', 'bb');
  assert.equal(marked(text, FILE), 'root star star-a dots a ab');
});

test('among folders of one length the main server comes before the virtual host', () => {
  const host = `${section('Directory', '/srv/a', 'host-a') + section('Directory', '/srv/a/b', 'host-ab')}Mark host\n`;
  const main = section('Directory', '/srv/a/b', 'main-ab') + section('Directory', '/srv/a', 'main-a');
  assert.equal(
    marked(`<VirtualHost *:80>\n${host}</VirtualHost>\n${main}Mark main\n`, FILE, 1),
    'main host main-a host-a main-ab host-ab',
  );
});

test('files and locations of the main server come before the virtual host, in file order', () => {
  const host = section('Location', '/', 'host-location') + section('Files', 'f.*', 'host-files');
  const main =
    section('Location', '/a/b', 'main-location') +
    section('Files', 'f.html', 'main-files') +
    section('Directory', '/srv', 'folder', section('Files', 'f.html', 'nested'));
  assert.equal(
    marked(`<VirtualHost *:80>\n${host}</VirtualHost>\n${main}`, FILE, 1),
    'folder main-files host-files nested main-location host-location',
  );
});

test('expressions follow all folders by their number of slashes and see the whole file name', () => {
  const text =
    section('DirectoryMatch', '"^/srv/a/b/f"', 'four') +
    section('Directory', '~ "/b"', 'one') +
    section('DirectoryMatch', '"html$"', 'none') +
    section('DirectoryMatch', '"^/srv/a/b/?$"', 'folder-only') +
    section('Directory', '/srv/a/b', 'plain');
  assert.equal(marked(text, FILE), 'plain none one four');
  assert.equal(marked(text, { ...FILE, filename: '/srv/a/b/' }), 'plain one folder-only');
});

test('a .htaccess follows its own folder and precedes the next', () => {
  const text = section('Directory', '/srv/a', 'a') + section('Directory', '/srv/a/b', 'ab');
  const { tree } = parseText('Mark access\nWSGIProcessGroup x\n<Files f.html>\nMark access-files\n</Files>\n');
  const policy = { allowed: { ...noClasses, classes: new Set(['Indexes' as const]) }, directives: new Set<string>() };
  const options = { serverRoot: '/', directory: '/srv/a', policy };
  const { section: access, problems } = resolveAccessFile(tree, testVocabulary, options);
  assert.equal(problems.length, 1);
  assert.match(problems[0]?.message ?? '', /may not stand in .htaccess/);
  const accessFile = (folder: string) => (folder === '/srv/a/' ? access : undefined);
  assert.equal(marked(text, { ...FILE, accessFile }), 'a access ab access-files');
});

test('a location holds what lies below it by whole components', () => {
  const config = resolve(
    section('Location', '/private', 'p') +
      section('Location', '/slash/', 's') +
      section('Location', '/w/*', 'w') +
      section('LocationMatch', '"(?i)^/RE"', 'r'),
  );
  const matched = (path: string) =>
    matchLocations(config.main, path)
      .map((found: Section) => found.argument)
      .join();
  assert.equal(matched('/private'), '/private');
  assert.equal(matched('/private/'), '/private');
  assert.equal(matched('/private/x'), '/private');
  assert.equal(matched('//private///x'), '/private');
  assert.equal(matched('/privateX'), '');
  assert.equal(matched('/slash'), '');
  assert.equal(matched('/slash/x'), '/slash/');
  assert.equal(matched('/w/.hidden'), '/w/*');
  assert.equal(matched('/w/x/y'), '');
  assert.equal(matched('/rest'), '(?i)^/RE');
});

test('a virtual host takes over what it does not set; lines know where they come from', () => {
  const config = resolve(
    'ServerName main\nDocumentRoot www\nServerRoot /etc/site\n<VirtualHost *:80 [::1]:8080 Name.Example:*>\nServerName host\n</VirtualHost>\n',
  );
  const host = config.servers[1];
  assert.ok(host);
  assert.equal(host.settings.find(serverName), 'host');
  assert.equal(host.settings.find(documentRoot), '/etc/site/www');
  assert.equal(host.settings.origins(serverName)[0]?.line, 5);
  assert.deepEqual(host.addresses, [
    { host: '*', port: 80 },
    { host: '::1', port: 8080 },
    { host: 'name.example', port: 0 },
  ]);
});

test('a feature section reads its own children and writes to the scope around it', () => {
  const config = resolve(
    '<Location /x>\n<RequireAll>\nRequire valid-user\n<RequireNone>\n</RequireNone>\n</RequireAll>\n</Location>\n',
  );
  assert.deepEqual(config.main.locations[0]?.settings.find(requirements), ['Require valid-user', 'RequireNone']);
});

test('the result is frozen', () => {
  const config = resolve(section('Directory', '/srv', 'x', section('Files', 'y', 'z')));
  for (const value of [
    config,
    config.servers,
    config.main,
    config.main.directories,
    config.main.directories[0]?.nested,
  ]) {
    assert.ok(Object.isFrozen(value));
  }
});

test('merged settings are remembered by their list, up to a limit', () => {
  const { main } = resolve(section('Location', '/a', 'a') + section('Location', '/a/b', 'b'));
  const merger = new SettingsMerger(main);
  assert.equal(merger.merge(main.locations), merger.merge([...main.locations]));
  assert.equal(merger.size, 2);
  assert.deepEqual(merger.merge(main.locations.toReversed()).find(marks), ['b', 'a']);
  const [first] = main.locations;
  assert.ok(first);
  for (let count = 0; count < 2 * MAX_MERGED_SETTINGS; count += 1) merger.merge([{ ...first }]);
  assert.ok(merger.size <= MAX_MERGED_SETTINGS);
  assert.deepEqual(merger.merge(main.locations).find(marks), ['a', 'b']);
});

test('what is remembered of a file holds as long as its folders are the same', () => {
  const scope = resolve(`${section('Directory', '/srv/a', 'a')}${section('Directory', '/srv/a/b', 'b')}`).main;
  const count = (directory: string): number =>
    matchSections(scope, { urlPath: '/', directory, filename: '/srv/a/b/f' }).length;
  assert.deepEqual([count('/srv/a/b'), count('/srv/a/b'), count('/srv/a'), count('/srv/a/b')], [2, 2, 1, 2]);
  const target = { urlPath: '/', directory: '/srv/a/b', filename: '/srv/a/b/f' };
  assert.equal(matchSections(scope, target), matchSections(scope, target));
});
