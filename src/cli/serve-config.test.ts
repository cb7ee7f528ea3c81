import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../base/errors.js';
import type { Config } from '../conf/config.js';
import { formatProblem } from '../conf/source.js';
import { aliasSettings } from '../server/alias-directives.js';
import { loadConfig } from '../server/config-source.js';
import { processSettings } from '../server/core-process-directives.js';
import { serverSettings } from '../server/core-server-directives.js';
import { environmentSettings } from '../server/env-directives.js';
import { checkConfig } from '../server/start-checks.js';
import type { DaemonProcessGroup } from '../wsgi/daemon-process-group.js';
import { definitionSettings, pythonSettings, wsgiSettings } from '../wsgi/settings.js';
import { formatServeConfig, parseApplication, type ServeOptions } from './serve-config.js';

const plain: ServeOptions = {
  host: undefined,
  port: 8000,
  serverName: undefined,
  serverAlias: [],
  processes: undefined,
  threads: 5,
  mountPoint: '/',
  callableObject: 'application',
  workingDirectory: undefined,
  pythonPath: [],
  pythonHome: undefined,
  urlAlias: [],
  documentRoot: undefined,
  directoryIndex: undefined,
  errorDocument: [],
  setenv: [],
  passenv: [],
  user: undefined,
  group: undefined,
  limitRequestBody: 10_485_760,
  serverBacklog: 500,
  keepAliveTimeout: 2,
  socketTimeout: 60,
  responseSocketTimeout: 0,
  connectTimeout: 15,
  queueTimeout: 45,
  requestTimeout: 60,
  interruptTimeout: 0,
  startupTimeout: 15,
  deadlockTimeout: 60,
  gracefulTimeout: 15,
  evictionTimeout: 0,
  shutdownTimeout: 5,
  maximumRequests: 0,
  maximumRequestsJitter: 0,
  restartInterval: 0,
  restartJitter: 0,
  inactivityTimeout: 0,
  cpuTimeLimit: 0,
  memoryLimit: 0,
  virtualMemoryLimit: 0,
  daemonBacklog: 100,
  sendBufferSize: 0,
  receiveBufferSize: 0,
  headerBufferSize: 0,
  responseBufferSize: 0,
  displayName: '%{GROUP}',
  mapHeadToGet: 'Auto',
  chunkedRequest: false,
  reloadOnChanges: false,
  passAuthorization: true,
  locale: 'C.UTF-8',
  serverAdmin: undefined,
  logLevel: 'info',
  logDirectory: undefined,
  accessLog: false,
  accessLogFormat: 'common',
  socketPrefix: undefined,
  includeFile: [],
};

function format(change: Partial<ServeOptions> = {}, folder = '/home/me/site', app = 'site.wsgi'): string {
  const options = { ...plain, ...change };
  return formatServeConfig(
    options,
    parseApplication(app, options.callableObject, folder, '/tmp/x/application.wsgi'),
    folder,
  );
}

/** What the text means; there is nothing to complain about in it. */
function resolve(text: string): Config {
  const { config, problems } = loadConfig({ file: '<test>', serverRoot: '/', text });
  assert.deepEqual([...problems, ...checkConfig(config)].map(formatProblem), [], text);
  return config;
}

function groupOf(config: Config): DaemonProcessGroup {
  const group = config.main.settings.get(definitionSettings.daemonProcesses, [])[0];
  assert.ok(group !== undefined);
  return group;
}

describe('formatServeConfig', () => {
  it('writes what mod_wsgi-express does by default', () => {
    assert.equal(
      format(),
      `ServerRoot /home/me/site
Listen 8000
ServerName localhost
ServerTokens ProductOnly
ServerSignature Off
TraceEnable Off
ListenBacklog 500
Timeout 60
KeepAliveTimeout 2
LimitRequestBody 10485760
LogLevel info

WSGIDaemonProcess localhost:8000 \\
    threads=5 \\
    display-name=%{GROUP} \\
    home=/home/me/site \\
    lang=C.UTF-8 \\
    locale=C.UTF-8 \\
    connect-timeout=15 \\
    socket-timeout=60 \\
    queue-timeout=45 \\
    request-timeout=60 \\
    startup-timeout=15 \\
    deadlock-timeout=60 \\
    graceful-timeout=15 \\
    shutdown-timeout=5
WSGIProcessGroup localhost:8000
WSGIApplicationGroup %{GLOBAL}
WSGIRestrictEmbedded On
WSGIPassAuthorization On

WSGIScriptAlias / /home/me/site/site.wsgi process-group=localhost:8000 application-group=%{GLOBAL}
<Directory /home/me/site>
    Require all granted
</Directory>
`,
    );
    resolve(format());
  });

  it('means what was asked for, with every option given', () => {
    const config = resolve(
      format({
        host: '::1',
        port: 0,
        serverName: 'site.example',
        serverAlias: ['www.site.example', '*.site.example'],
        processes: 1,
        threads: 1,
        mountPoint: '/app',
        workingDirectory: 'work',
        pythonPath: ['lib', '/abs/lib'],
        pythonHome: 'venv',
        urlAlias: [
          ['/static', 'static'],
          ['/static/deep', '/deep'],
        ],
        documentRoot: 'htdocs',
        directoryIndex: 'index.html',
        errorDocument: [['404', '/missing.html']],
        setenv: [['NAME', 'a value']],
        passenv: ['HOME'],
        keepAliveTimeout: 0,
        chunkedRequest: true,
        reloadOnChanges: true,
        passAuthorization: false,
        serverAdmin: 'me@example',
        logDirectory: 'logs',
        accessLog: true,
        accessLogFormat: '%h "%r" %>s',
        socketPrefix: 'run',
        pidFile: 'run/pid',
        serverBacklog: 20,
        trustProxyHeader: ['X-Forwarded-For', 'X-Forwarded-Proto'],
        trustProxy: ['10.0.0.0/8', '::1'],
        orphanInterpreter: true,
        disableReloading: true,
        errorOverride: true,
        mapHeadToGet: 'Off',
      }),
    );
    const group = groupOf(config);
    assert.deepEqual(
      [group.name, group.processes, group.processesGiven, group.home, group.pythonHome, group.pythonPath],
      ['::1:0', 1, true, '/home/me/site/work', '/home/me/site/venv', ['/home/me/site/lib', '/abs/lib']],
    );
    // mod_alias takes the first that matches.
    assert.deepEqual(
      config.main.settings
        .get(aliasSettings.aliases, [])
        .map((alias) => [alias.kind === 'prefix' && alias.urlPath, alias.target]),
      [
        ['/static/deep', '/deep'],
        ['/static', '/home/me/site/static'],
      ],
    );
    assert.equal(config.main.settings.find(environmentSettings.environment)?.set.get('NAME'), 'a value');
    const { settings } = config.main;
    assert.equal(settings.find(serverSettings.serverAdmin), 'me@example');
    assert.equal(settings.find(processSettings.pidFile), '/home/me/site/run/pid');
    assert.equal(settings.find(processSettings.listenBacklog), 20);
    assert.deepEqual(settings.find(wsgiSettings.trustedProxyHeaders), [
      'HTTP_X_FORWARDED_FOR',
      'HTTP_X_FORWARDED_PROTO',
    ]);
    assert.equal(settings.find(wsgiSettings.trustedProxies)?.length, 2);
    assert.deepEqual(
      [
        settings.find(pythonSettings.destroyInterpreter),
        settings.find(wsgiSettings.scriptReloading),
        settings.find(wsgiSettings.errorOverride),
        settings.find(wsgiSettings.mapHeadToGet),
      ],
      [false, false, true, 'Off'],
    );
  });

  it('gives the process group every option of WSGIDaemonProcess that it has itself', () => {
    const change = {
      responseSocketTimeout: 31,
      requestTimeout: 32,
      interruptTimeout: 33,
      startupTimeout: 34,
      gracefulTimeout: 35,
      evictionTimeout: 36,
      maximumRequests: 37,
      maximumRequestsJitter: 38,
      restartInterval: 39,
      restartJitter: 40,
      inactivityTimeout: 41,
      cpuTimeLimit: 42,
      memoryLimit: 43,
      virtualMemoryLimit: 44,
      memoryRecycle: '1M',
      stackSize: 65_536,
      daemonBacklog: 45,
      sendBufferSize: 513,
      receiveBufferSize: 514,
      headerBufferSize: 8193,
      responseBufferSize: 65_537,
      displayName: 'my site',
      readyUrl: '/ready?a=b c',
      switchInterval: 0.25,
      serverMetrics: true,
    } satisfies Partial<ServeOptions>;
    const group = groupOf(resolve(format(change)));
    assert.deepEqual(
      {
        responseSocketTimeout: group.responseSocketTimeoutSeconds,
        requestTimeout: group.requestTimeoutSeconds,
        interruptTimeout: group.interruptTimeoutSeconds,
        startupTimeout: group.startupTimeoutSeconds,
        gracefulTimeout: group.gracefulTimeoutSeconds,
        evictionTimeout: group.evictionTimeoutSeconds,
        maximumRequests: group.maximumRequests,
        maximumRequestsJitter: group.maximumRequestsJitter,
        restartInterval: group.restartIntervalSeconds,
        restartJitter: group.restartJitterSeconds,
        inactivityTimeout: group.inactivityTimeoutSeconds,
        cpuTimeLimit: group.cpuTimeLimitSeconds,
        memoryLimit: group.memoryLimitBytes,
        virtualMemoryLimit: group.virtualMemoryLimitBytes,
        memoryRecycle: group.memoryRecycleBytes === 1024 ** 2 ? '1M' : group.memoryRecycleBytes,
        stackSize: group.stackSizeBytes,
        daemonBacklog: group.listenBacklog,
        sendBufferSize: group.sendBufferBytes,
        receiveBufferSize: group.receiveBufferBytes,
        headerBufferSize: group.headerBufferBytes,
        responseBufferSize: group.responseBufferBytes,
        displayName: group.displayName,
        readyUrl: group.readyUrl,
        switchInterval: group.switchIntervalSeconds,
        serverMetrics: group.serverMetrics,
      },
      change,
    );
  });

  it('writes a 0 where it is not what a line without the option means', () => {
    const group = groupOf(
      resolve(
        format({
          connectTimeout: 0,
          queueTimeout: 0,
          requestTimeout: 0,
          startupTimeout: 0,
          deadlockTimeout: 0,
          gracefulTimeout: 0,
          shutdownTimeout: 0,
          daemonBacklog: 0,
        }),
      ),
    );
    assert.deepEqual(
      [
        group.connectTimeoutSeconds,
        group.queueTimeoutSeconds,
        group.requestTimeoutSeconds,
        group.startupTimeoutSeconds,
        group.deadlockTimeoutSeconds,
        group.gracefulTimeoutSeconds,
        group.shutdownTimeoutSeconds,
        group.listenBacklog,
      ],
      [0, 0, 0, 0, 0, 0, 0, 0],
    );
  });

  it('makes a group without request threads of each service', () => {
    const config = resolve(
      format({
        workingDirectory: 'work',
        pythonPath: ['lib'],
        serviceScript: [
          ['mail', 'mail.py'],
          ['my jobs', '/abs/jobs.py'],
        ],
        serviceUser: [['mail', 'nobody']],
        serviceGroup: [['mail', '#65534']],
        serverMetrics: true,
      }),
    );
    const [, mail, jobs] = config.main.settings.get(definitionSettings.daemonProcesses, []);
    assert.deepEqual(
      [mail?.name, mail?.threads, mail?.displayName, mail?.home, mail?.pythonPath, mail?.lang, mail?.serverMetrics],
      ['service:mail', 0, '(wsgi:service:mail)', '/home/me/site/work', ['/home/me/site/lib'], 'C.UTF-8', true],
    );
    assert.deepEqual(
      [jobs?.name, jobs?.threads, jobs?.user, jobs?.group],
      ['service:my jobs', 0, undefined, undefined],
    );
    assert.notEqual(mail?.user, undefined);
    assert.notEqual(mail?.group, undefined);
    assert.deepEqual(
      config.main.settings
        .get(definitionSettings.importScripts, [])
        .map(({ path, processGroup }) => [path, processGroup]),
      [
        ['/home/me/site/mail.py', 'service:mail'],
        ['/abs/jobs.py', 'service:my jobs'],
      ],
    );
  });

  it('refuses the user of a service that is not there', () => {
    const serviceScript = [['mail', 'mail.py']] as const;
    assert.throws(
      () => format({ serviceScript, serviceUser: [['mial', 'nobody']] }),
      /there is no --service-script mial/,
    );
    assert.throws(() => format({ serviceScript, serviceGroup: [['x', 'y']] }), UsageError);
  });

  it('puts rewrite rules before the files of the document root', () => {
    const text = format({ rewriteRules: 'rules.conf', documentRoot: 'htdocs' });
    const rules = text.indexOf('RewriteEngine On\nInclude /home/me/site/rules.conf\n');
    assert(rules > 0 && rules < text.indexOf('RewriteCond'), text);
  });

  it('has a section for each URL that is no activity', () => {
    assert.match(
      format({ ignoreActivity: ['/health', '/a b'] }),
      /<Location \/health>\n {4}WSGIIgnoreActivity On\n<\/Location>\n<Location "\/a b">\n {4}WSGIIgnoreActivity On\n/,
    );
  });

  const oddFolders = [
    '/home/a b/site',
    `/home/"quoted"/it's`,
    '/home/back\\slash',
    '/home/#hash',
    '/home/ünï',
    '/home/<tag>',
    '/home/%h',
    '/home/a=b c',
  ];
  for (const folder of oddFolders) {
    it(`keeps the folder ${folder} as it is`, () => {
      const config = resolve(
        format(
          {
            pythonPath: ['lib'],
            documentRoot: 'docs',
            urlAlias: [['/a b"c', 'x y']],
            setenv: [['A', `${folder}\\`]],
            logDirectory: 'logs',
          },
          folder,
          'my site.wsgi',
        ),
      );
      const alias = config.main.settings.get(definitionSettings.scriptAliases, [])[0];
      assert.deepEqual(
        [
          alias?.target,
          groupOf(config).home,
          groupOf(config).pythonPath,
          config.main.settings.find(serverSettings.documentRoot),
        ],
        [`${folder}/my site.wsgi`, folder, [`${folder}/lib`], `${folder}/docs`],
      );
      assert.equal(config.main.settings.find(environmentSettings.environment)?.set.get('A'), `${folder}\\`);
      assert.deepEqual(
        config.main.settings
          .get(aliasSettings.aliases, [])
          .map((one) => [one.kind === 'prefix' && one.urlPath, one.target]),
        [['/a b"c', `${folder}/x y`]],
      );
      assert.ok(
        config.main.directories.some(
          (section) => section.pattern.kind === 'prefix' && section.pattern.path.startsWith(folder),
        ),
      );
    });
  }
});

describe('parseApplication', () => {
  const parse = (app: string, callable = 'application') =>
    parseApplication(app, callable, '/f', '/gen/application.wsgi');

  it('knows files by their extension or their slash', () => {
    for (const [app, script, callable] of [
      ['site.wsgi', '/f/site.wsgi', 'application'],
      ['sub/site.py', '/f/sub/site.py', 'application'],
      ['/abs/site.py:app', '/abs/site.py', 'app'],
      ['./run', '/f/run', 'application'],
      ['a:b/c.wsgi:app', '/f/a:b/c.wsgi', 'app'],
    ] as const) {
      assert.deepEqual(parse(app), { script, callable, scriptText: undefined });
    }
    assert.equal(parse('site.wsgi', 'main').callable, 'main');
  });

  it('makes a script for a module', () => {
    assert.deepEqual(parse('my_site.wsgi_app:create'), {
      script: '/gen/application.wsgi',
      callable: 'create',
      scriptText: '# Made by: stillhouse serve my_site.wsgi_app:create\nfrom my_site.wsgi_app import create\n',
    });
    assert.match(parse('site', 'app').scriptText ?? '', /from site import app\n/);
  });

  for (const app of ['a-b', 'a..b', '1a', 'a b', 'a.wsgi:1', 'a.wsgi:', 'mod:a.b', 'x:y;z', '']) {
    it(`refuses '${app}'`, () => assert.throws(() => parse(app), UsageError));
  }
});
