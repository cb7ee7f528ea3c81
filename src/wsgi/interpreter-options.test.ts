import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig } from '../conf/parser.js';
import { resolveConfig } from '../conf/resolver.js';
import { Vocabulary } from '../conf/vocabulary.js';
import { interpreterSections, isFreeThreading, optionsOfGroup } from './interpreter-options.js';
import { pythonDirectives } from './python-directives.js';

function read(text: string) {
  const vocabulary = new Vocabulary([pythonDirectives], [], interpreterSections);
  const parsed = parseConfig({ file: '/etc/test.conf', readFile: () => text, vocabulary, serverRoot: '/etc/httpd' });
  const { config, problems } = resolveConfig(parsed.tree, vocabulary, { serverRoot: '/etc/httpd' });
  const messages = [...parsed.problems, ...problems].map(({ position, message }) => `${position.line} ${message}`);
  return { messages, settings: config.main.settings };
}

const nothing = {
  per_interpreter_gil: null,
  switch_interval: null,
  python_path: [],
  restrict_signal: null,
  restrict_stdin: null,
  restrict_stdout: null,
};

function container(selectors: string, ...lines: string[]): string {
  return [
    `<WSGIInterpreterOptions${selectors === '' ? '' : ` ${selectors}`}>`,
    ...lines,
    '</WSGIInterpreterOptions>',
  ].join('\n');
}

describe('<WSGIInterpreterOptions>', () => {
  it('is for those that it selects, the one that names more of them last', () => {
    const { messages, settings } = read(
      [
        container('process-group=site application-group=a', 'WSGIPythonPath /most', 'WSGISwitchInterval 0.5'),
        container('application-group=%{GLOBAL}', 'WSGIRestrictStdin On'),
        container('', 'WSGIPerInterpreterGIL On', 'WSGIPythonPath /all:/more'),
        container('process-group="other"', 'WSGIRestrictSignal Off'),
      ].join('\n'),
    );
    assert.deepEqual(messages, []);
    assert.deepEqual(optionsOfGroup(settings, 'site'), [
      { ...nothing, application_group: null, per_interpreter_gil: true, python_path: ['/all', '/more'] },
      { ...nothing, application_group: '', restrict_stdin: true },
      { ...nothing, application_group: 'a', python_path: ['/most'], switch_interval: 0.5 },
    ]);
    assert.deepEqual(
      optionsOfGroup(settings, 'other').map(({ restrict_signal: signal }) => signal),
      [null, null, false],
    );
  });

  it('says which processes run without the lock', () => {
    const { settings } = read(
      [
        container('process-group=fast', 'WSGIFreeThreading On'),
        container('process-group=slow', 'WSGIFreeThreading Off'),
        container('', 'WSGIFreeThreading On'),
      ].join('\n'),
    );
    assert.deepEqual(
      ['fast', 'slow', 'another'].map((name) => isFreeThreading(settings, name)),
      [true, false, true],
    );
    assert.equal(isFreeThreading(read('WSGIFreeThreading On').settings, 'any'), true);
    assert.equal(isFreeThreading(read('').settings, 'any'), false);
  });

  const wrong: readonly (readonly [text: string, message: RegExp])[] = [
    [container('group=a'), /^1 .*there is no option 'group'/],
    [container('application-group=%{SERVER}'), /^1 nothing is expanded here but %\{GLOBAL\}/],
    [container('', 'WSGIDontWriteBytecode On'), /^2 WSGIDontWriteBytecode may not stand in <WSGIInterpreterOptions>/],
    [container('', '<WSGIInterpreterOptions>', '</WSGIInterpreterOptions>'), /^2 WSGIInterpreterOptions may not stand/],
    [container('', 'WSGIPerInterpreterGIL On Off'), /^2 WSGIPerInterpreterGIL takes 1 argument, not 2/],
    [container('', 'WSGIPerInterpreterGIL Perhaps'), /^[12] WSGIPerInterpreterGIL must be/],
    [container('application-group=a', 'WSGIFreeThreading On'), /^2 WSGIFreeThreading is for a whole process/],
  ];
  for (const [text, message] of wrong) {
    it(`refuses ${text.replaceAll('\n', ' ')}`, () => {
      const { messages } = read(text);
      assert.equal(messages.length, 1, messages.join());
      assert.match(messages[0] ?? '', message);
    });
  }
});
