import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServerScope } from '../conf/config.js';
import { effectiveOptions } from '../http/directory-options.js';
import { resolveText } from '../wsgi/resolve-text.test.fixture.js';
import { coreFileDirectives, effectiveFileETag, fileSettings } from './core-file-directives.js';
import { coreLimitsDirectives, limitSettings } from './core-limits-directives.js';
import { coreProcessDirectives, processSettings } from './core-process-directives.js';
import { coreRequestDirectives, requestSettings } from './core-request-directives.js';
import { coreServerDirectives, serverSettings } from './core-server-directives.js';
import { handlerDirectives, handlerSettings } from './handler-directives.js';
import { mpmDirectives, mpmSettings } from './mpm-directives.js';
import { overrideDirectives, overrideSettings } from './override-directives.js';

const tables = [
  coreServerDirectives,
  coreProcessDirectives,
  coreRequestDirectives,
  coreFileDirectives,
  overrideDirectives,
  coreLimitsDirectives,
  handlerDirectives,
  mpmDirectives,
];

const read = (text: string) => resolveText(text, ...tables);

/** The settings of a text that says nothing wrong. */
function settingsOf(text: string) {
  const { settings, messages } = read(text);
  assert.deepEqual(messages, []);
  return settings;
}

function virtualHostOf(text: string): ServerScope {
  const { config, messages } = read(`<VirtualHost *:80>\n${text}\n</VirtualHost>`);
  assert.deepEqual(messages, []);
  const server = config.servers[1];
  assert.ok(server);
  return server;
}

describe('the core tables', () => {
  it('document every directive', () => {
    for (const { name, summary, syntax, contexts, override } of tables.flat()) {
      assert.match(summary, /^[A-Z].*\.$/s, name);
      assert.notEqual(syntax, '', name);
      assert.equal(contexts.includes('.htaccess'), override !== undefined, name);
    }
  });

  const wrong: readonly [text: string, message: RegExp][] = [
    ['ServerName *.example.com', /patterns stand in ServerAlias/],
    ['ServerName example.com:0', /outside 1 to 65535/],
    ['ServerName example.com:65536', /outside 1 to 65535/],
    ['ServerName example.com:', /outside 1 to 65535/],
    ['ServerName ftp://example.com', /scheme 'ftp'/],
    ['ServerName a/b', /must be \[scheme/],
    ['ServerAlias a', /ServerAlias|virtual/i],
    ['UseCanonicalName maybe', /must be one of On, Off, DNS/],
    ['UseCanonicalPhysicalPort 1', /must be On or Off/],
    ['ServerTokens Some', /must be one of Prod/],
    ['ServerSignature Maybe', /must be one of Off, On, EMail/],
    ['HostnameLookups Triple', /must be one of Off, On, Double/],
    ['Listen', /Listen|argument/],
    ['Listen example', /must be \[address:\]port/],
    ['Listen 65536', /above 65535/],
    ['Listen ::1:80', /IPv6 address in brackets/],
    ['Listen 80 htp', /protocol of Listen must be http or https.*did you mean 'http'/],
    ['Listen 80 options=freebind', /options of Listen are not supported/],
    ['Listen 80\nListen 80', /stands twice/],
    ['ListenBacklog 0', /at least|from 1/],
    ['User root', /must not be root/],
    ['User #0', /must not be root/],
    ['User #x', /name or # and a number/],
    ['Group ""', /name or # and a number/],
    ['GracefulShutdownTimeout -1', /from 0/],
    ['ErrorDocument 999 /a', /unsupported HTTP response code '999'/],
    ['ErrorDocument 200 /a', /unsupported HTTP response code/],
    ['ErrorDocument abc /a', /unsupported HTTP response code/],
    ['AllowEncodedSlashes maybe', /must be one of On, Off, NoDecode/],
    ['AcceptPathInfo maybe', /must be one of On, Off, Default/],
    ['TraceEnable maybe', /must be one of On, Off, extended/],
    ['LimitInternalRecursion 0', /at least 1/],
    ['HttpProtocolOptions Strict Unsafe', /exclude each other/],
    ['HttpProtocolOptions Loose', /must be one of Strict/],
    ['Options Indexs', /'Indexs' is not an option; did you mean 'Indexes'/],
    ['Options Indexes +ExecCGI', /either all Options/],
    ['<Directory /a>\nAllowOverride Sometimes\n</Directory>', /illegal override class 'Sometimes'/],
    ['<Directory /a>\nAllowOverride Nonfatal=x\n</Directory>', /=Override, =Unknown or =All/],
    ['<Directory /a>\nAllowOverride Limit=x\n</Directory>', /illegal override class 'Limit=x'/],
    ['<Directory /a>\nAllowOverride Options=Nope\n</Directory>', /'Nope' is not an option/],
    ['<Directory /a>\nAllowOverrideList None Options\n</Directory>', /stands alone/],
    ['AllowOverride None', /AllowOverride|allowed/],
    ['FileETag Siz', /unknown keyword 'Siz'.*did you mean 'size'/],
    ['FileETag +All', /cannot be used with \+/],
    ['EnableSendfile Auto', /must be On or Off/],
    ['Timeout 0', /from 1/],
    ['Timeout 5s', /not '5s'/],
    ['KeepAlive 5', /must be On or Off/],
    ['KeepAliveTimeout 5d', /with ms, s, min or h/],
    ['KeepAliveTimeout -1', /with ms, s, min or h/],
    ['MaxKeepAliveRequests -1', /from 0/],
    ['LimitRequestBody 1G', /at least 0/],
    ['SetHandler ""', /needs the name/],
    ['SetHandler %{ENV:x}', /expressions in SetHandler/],
    ['AddHandler wsgi-script', /AddHandler|argument/],
    ['StartServers some', /whole number/],
    ['MaxConnectionsPerChild -1', /from 0/],
    ['<VirtualHost *>\nUser www\n</VirtualHost>', /./],
    ['<Directory /a>\nTimeout 5\n</Directory>', /./],
  ];
  for (const [text, message] of wrong) {
    it(`refuse '${text.replaceAll('\n', ' ')}'`, () => {
      const { problems } = read(text);
      assert.equal(problems.length, 1, problems.map((one) => one.message).join('\n'));
      assert.equal(problems[0]?.severity, 'error');
      assert.match(problems[0]?.message ?? '', message);
    });
  }

  const reported: readonly [text: string, message: RegExp][] = [
    ['UseCanonicalName DNS', /^warning: .*taken as Off/],
    ['HostnameLookups On', /^warning: HostnameLookups On has no effect/],
    ['ErrorDocument 401 http://example.com/', /^warning: ErrorDocument 401 cannot be a full URL/],
    ['ErrorDocument 404 "no %{REQUEST_URI} here"', /^warning: expressions are not evaluated/],
    ['HttpProtocolOptions Unsafe', /^warning: HttpProtocolOptions Unsafe has no effect/],
    ['HttpProtocolOptions Allow0.9', /^warning: .*HTTP\/0.9 is not spoken/],
    ['Options +MultiViews', /^warning: Options MultiViews has no effect: there is no content negotiation/],
    ['Options Includes', /^warning: Options Includes has no effect: there are no server-side includes/],
    ['SetHandler server-status', /^warning: SetHandler server-status: .* 500, .*'stillhouse ps'/],
    ['AddHandler cgi-script .cgi', /^warning: AddHandler cgi-script: .* 500/],
    ['<Location /a>\nAllowOverride None\n</Location>', /^warning: AllowOverride has no meaning in <Location>/],
  ];
  for (const [text, message] of reported) {
    it(`report '${text.replaceAll('\n', ' ')}'`, () => {
      const { messages } = read(text);
      assert.equal(messages.length, 1, messages.join('\n'));
      assert.match(messages[0] ?? '', message);
    });
  }
});

describe('names of a server', () => {
  it('have scheme and port', () => {
    const nameOf = (text: string) => settingsOf(`ServerName ${text}`).find(serverSettings.serverName);
    assert.deepEqual(nameOf('www.example.com'), { scheme: undefined, host: 'www.example.com', port: undefined });
    assert.deepEqual(nameOf('HTTPS://www.example.com:8443'), { scheme: 'https', host: 'www.example.com', port: 8443 });
    assert.deepEqual(nameOf('[::1]:80'), { scheme: undefined, host: '[::1]', port: 80 });
  });

  it('have aliases with wildcards that add up', () => {
    const aliases = virtualHostOf('ServerAlias one *.Example.com\nServerAlias w?b.org').settings.get(
      serverSettings.serverAliases,
      [],
    );
    assert.deepEqual(
      aliases.map(({ name }) => name),
      ['one', '*.example.com', 'w?b.org'],
    );
    const matches = (host: string) => aliases.some((a) => a.pattern?.test(host) ?? a.name === host);
    assert.deepEqual(['one', 'a.b.example.com', 'example.com', 'web.org', 'wb.org', 'axexample.com'].map(matches), [
      true,
      true,
      false,
      true,
      false,
      false,
    ]);
  });

  it('say what the server tells of itself', () => {
    const settings = settingsOf(
      'ServerTokens ProductOnly\nServerSignature email\nServerAdmin a@b.c\nUseCanonicalName on',
    );
    assert.equal(settings.find(serverSettings.serverTokens), 'Prod');
    assert.equal(settings.find(serverSettings.serverSignature), 'EMail');
    assert.equal(settings.find(serverSettings.serverAdmin), 'a@b.c');
    assert.equal(settings.find(serverSettings.useCanonicalName), true);
  });

  it('take paths against ServerRoot', () => {
    const settings = settingsOf('ServerRoot /srv\nDocumentRoot htdocs/\nPidFile run/pid');
    assert.equal(settings.find(serverSettings.serverRoot), '/srv');
    assert.equal(settings.find(serverSettings.documentRoot), '/srv/htdocs');
    assert.equal(settings.find(processSettings.pidFile), '/srv/run/pid');
  });
});

describe('what the parent is told', () => {
  it('has addresses in order, with their lines', () => {
    const settings = settingsOf(
      'Listen 80\nListen 127.0.0.1:0 HTTP\nListen [::1]:8080\nListen *:81\nListen 0\nListen 0',
    );
    assert.deepEqual(
      settings.get(processSettings.listen, []).map(({ host, port, position }) => [host, port, position.line]),
      [
        [undefined, 80, 1],
        ['127.0.0.1', 0, 2],
        ['::1', 8080, 3],
        [undefined, 81, 4],
        [undefined, 0, 5],
        [undefined, 0, 6],
      ],
    );
    assert.equal(settings.origins(processSettings.listen).length, 6);
  });

  it('has identities and counts', () => {
    const settings = settingsOf(
      'User www-data\nGroup #33\nStartServers 3\nMaxClients 150\nMaxRequestsPerChild 0\nMutex flock default',
    );
    assert.deepEqual(settings.find(processSettings.user), { kind: 'name', name: 'www-data' });
    assert.deepEqual(settings.find(processSettings.group), { kind: 'id', id: 33 });
    assert.equal(settings.find(mpmSettings.startServers), 3);
    assert.equal(settings.find(mpmSettings.maxRequestWorkers), 150);
    assert.equal(settings.find(mpmSettings.maxConnectionsPerChild), 0);
  });
});

describe('requests and limits', () => {
  it('tell texts, paths and URLs of ErrorDocument apart, by status', () => {
    const { config, messages } = read(
      'ErrorDocument 404 /missing.html\nErrorDocument 500 "it broke"\nErrorDocument 403 https://example.com/\n' +
        'ErrorDocument 503 gone\n<Location /a>\nErrorDocument 404 default\n</Location>',
    );
    assert.deepEqual(messages, []);
    const inner = config.main.settings.overlaid(config.main.locations[0]?.settings ?? config.main.settings);
    const documents = inner.find(requestSettings.errorDocuments);
    assert.deepEqual(
      [...(documents ?? [])].toSorted(([a], [b]) => a - b),
      [
        [403, { kind: 'url', url: 'https://example.com/' }],
        [404, { kind: 'default' }],
        [500, { kind: 'text', text: 'it broke' }],
        [503, { kind: 'text', text: 'gone' }],
      ],
    );
    assert.deepEqual(config.main.settings.find(requestSettings.errorDocuments)?.get(404), {
      kind: 'path',
      path: '/missing.html',
    });
  });

  it('have units', () => {
    const settings = settingsOf('Timeout 300\nKeepAliveTimeout 1500ms\nLimitRequestBody 0\nLimitRequestFieldsize 100');
    assert.equal(settings.find(limitSettings.timeoutSeconds), 300);
    assert.equal(settings.find(limitSettings.keepAliveTimeoutMs), 1500);
    assert.equal(settings.find(limitSettings.requestBodyBytesLimit), 0);
    assert.equal(settings.find(limitSettings.requestFieldBytesLimit), 100);
    assert.equal(settingsOf('KeepAliveTimeout 2').find(limitSettings.keepAliveTimeoutMs), 2000);
    assert.equal(settingsOf('KeepAliveTimeout 2min').find(limitSettings.keepAliveTimeoutMs), 120_000);
  });

  it('keep the words of HttpProtocolOptions over lines', () => {
    const settings = settingsOf('HttpProtocolOptions Strict RegisteredMethods\nHttpProtocolOptions Require1.0');
    assert.deepEqual(settings.find(requestSettings.httpProtocolOptions), {
      strictness: 'Strict',
      methods: 'RegisteredMethods',
      oldest: 'Require1.0',
    });
  });
});

describe('folders and files', () => {
  it('merge Options and FileETag over sections', () => {
    const { config } = read(
      'Options Indexes FollowSymLinks\nFileETag INode Size\n<Directory /a>\nOptions -Indexes +ExecCGI\nFileETag +MTime -INode\n</Directory>',
    );
    const inner = config.main.settings.overlaid(config.main.directories[0]?.settings ?? config.main.settings);
    assert.deepEqual([...effectiveOptions(inner.find(fileSettings.options))].toSorted(), ['ExecCGI', 'FollowSymLinks']);
    assert.deepEqual([...effectiveFileETag(inner.find(fileSettings.fileETag))].toSorted(), ['MTime', 'Size']);
    assert.deepEqual([...effectiveFileETag(undefined)], ['MTime', 'Size']);
    assert.deepEqual([...effectiveFileETag(settingsOf('FileETag None').find(fileSettings.fileETag))], []);
  });

  it('give handlers to extensions', () => {
    const { config } = read(
      'AddHandler WSGI-Script .wsgi .PY\n<Directory /a>\nRemoveHandler .py\nAddHandler other py .x\nSetHandler none\n</Directory>\nSetHandler wsgi-script',
    );
    const inner = config.main.settings.overlaid(config.main.directories[0]?.settings ?? config.main.settings);
    assert.deepEqual(
      [...(inner.find(handlerSettings.extensionHandlers) ?? [])],
      [
        ['wsgi', 'wsgi-script'],
        ['py', undefined],
        ['x', 'other'],
      ],
    );
    assert.equal(inner.find(handlerSettings.handler), undefined);
    assert.equal(config.main.settings.find(handlerSettings.handler), 'wsgi-script');
  });
});

describe('AllowOverride', () => {
  const allowed = (words: string) => {
    const { config, messages } = read(`<Directory /a>\nAllowOverride ${words}\n</Directory>`);
    assert.deepEqual(messages, []);
    const found = config.main.directories[0]?.settings.find(overrideSettings.allowOverride);
    assert.ok(found);
    return {
      classes: [...found.classes].join(' '),
      options: found.options === undefined ? undefined : [...found.options].join(' '),
      spares: `${found.sparesForbidden} ${found.sparesUnknown}`,
    };
  };

  it('adds its classes up, in any case', () => {
    assert.deepEqual(allowed('fileinfo AUTHCONFIG'), {
      classes: 'FileInfo AuthConfig',
      options: undefined,
      spares: 'false false',
    });
    assert.equal(allowed('All').classes, 'All');
    assert.equal(allowed('FileInfo None').classes, '');
    assert.equal(allowed('None Limit').classes, 'Limit');
  });

  it('keeps which options may be set', () => {
    assert.equal(allowed('Options=Indexes,ExecCGI').options, 'Indexes ExecCGI');
    assert.equal(allowed('Options').options, 'ExecCGI FollowSymLinks Includes IncludesExec Indexes');
    assert.equal(allowed('Options=None').options, '');
    assert.equal(allowed('Options=Indexes All').options, 'Indexes');
  });

  it('spares what Nonfatal says', () => {
    assert.equal(allowed('All Nonfatal=Override').spares, 'true false');
    assert.equal(allowed('All Nonfatal=unknown').spares, 'false true');
    assert.equal(allowed('Nonfatal=unknown All').spares, 'false false', 'All forgets what stands before it');
    assert.equal(allowed('Nonfatal=All FileInfo').spares, 'true true');
  });
});
