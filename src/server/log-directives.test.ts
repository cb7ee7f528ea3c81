import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DirectiveError } from '../conf/directive.js';
import type { Settings } from '../conf/settings.js';
import { settingsOf } from './directive-line.test.fixture.js';
import {
  errorLogDirectives,
  errorLogPath,
  isLogConditionMet,
  logDirectives,
  logLevels,
  resolveAccessLogs,
} from './log-directives.js';

const read = (text: string): Settings => settingsOf(text, [...logDirectives, ...errorLogDirectives]);
const pathsOf = (settings: Settings): string[] => resolveAccessLogs(settings).logs.map((log) => log.path);

describe('CustomLog', () => {
  it('finds nicknames defined later, in the main server and beforehand', () => {
    const main = read('CustomLog logs/a mine\nLogFormat "%h %s" mine\nCustomLog /var/b combined\nCustomLog c "%m"');
    assert.deepEqual(resolveAccessLogs(main).problems, []);
    assert.deepEqual(pathsOf(main), ['/root/logs/a', '/var/b', '/root/c']);
    const host = main.overlaid(read('CustomLog d mine'));
    assert.deepEqual(pathsOf(host), ['/root/d']);
    assert.deepEqual(pathsOf(main.overlaid(read('LogFormat "%h" other'))), pathsOf(main));
  });

  it('goes on for all servers where it is a GlobalLog', () => {
    const main = read('CustomLog a common\nGlobalLog g "%h"');
    assert.deepEqual(pathsOf(main).sort(), ['/root/a', '/root/g']);
    assert.deepEqual(pathsOf(main.overlaid(read('CustomLog d common'))).sort(), ['/root/d', '/root/g']);
  });

  it('tells about a nickname that nobody defines', () => {
    const { logs, problems } = resolveAccessLogs(read('CustomLog a nope'));
    assert.equal(logs.length, 0);
    assert.match(problems[0]?.message ?? '', /no LogFormat line defines 'nope'/);
  });

  it('reads conditions', () => {
    const conditions = resolveAccessLogs(read('CustomLog a common env=x\nCustomLog b common env=!x')).logs.map((log) =>
      [undefined, ''].map((value) => isLogConditionMet(log.condition, () => value)),
    );
    assert.deepEqual(conditions, [
      [false, true],
      [true, false],
    ]);
  });

  it('takes the default format for TransferLog', () => {
    assert.equal(resolveAccessLogs(read('TransferLog a')).logs.length, 1);
    assert.equal(resolveAccessLogs(read('LogFormat combined\nTransferLog a')).problems.length, 0);
    assert.equal(resolveAccessLogs(read('LogFormat nope\nTransferLog a')).problems.length, 1);
  });

  for (const [text, message] of [
    ['CustomLog "| " common', /needs a program behind the \|/],
    ['CustomLog "" common', /needs a file name/],
    ['CustomLog a common "expr=-n"', /expression: /],
    ['CustomLog a common env=', /needs the name/],
    ['CustomLog a common envx', /must be env=name/],
    ['CustomLog a "%h %Z"', /'%Z', at character 5/],
    ['LogFormat "%{x" y', /without '}'/],
    ['LogLevel loud', /no log level/],
    ['LogLevel wsgi:', /no log level/],
  ] as const) {
    it(`refuses ${text}`, () => {
      assert.throws(
        () => read(text),
        (error) => error instanceof DirectiveError && message.test(error.message),
      );
    });
  }
});

describe('ErrorLog and LogLevel', () => {
  it('have their form from Apache, whatever ErrorLogFormat says', () => {
    const reports: string[] = [];
    settingsOf('ErrorLogFormat "%{cu}t %M"\nErrorLogFormat request "%L"', errorLogDirectives, [], reports);
    assert.equal(reports.length, 2);
    assert.match(reports[0] ?? '', /^warning: ErrorLogFormat has no effect/);
  });

  it('set the path and the levels', () => {
    const settings = read('ErrorLog logs/e\nLogLevel INFO mod_wsgi.c:debug\nLogLevel core:trace1');
    assert.equal(settings.find(errorLogPath), '/root/logs/e');
    const levels = settings.find(logLevels);
    assert.equal(levels?.default, 'info');
    assert.deepEqual(
      [...(levels?.modules ?? [])],
      [
        ['wsgi', 'debug'],
        ['core', 'trace1'],
      ],
    );
  });
});
