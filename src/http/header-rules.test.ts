import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileHeaderFormat, HeaderFormatError } from './header-format.js';
import {
  applyRequestRules,
  applyResponseRules,
  type HeaderAction,
  type HeaderRule,
  type HeaderRuleFacts,
  type ResponseFields,
} from './header-rules.js';
import { HeaderTable } from './header-table.js';

const notes = new Map<string, string>();
const facts: HeaderRuleFacts = {
  startedAtMicroseconds: 1_700_000_000_123_456.5,
  durationMicroseconds: () => 250.9,
  loadAverages: () => [0.5, 1, 2.345],
  environment: (name) => ({ SEEN: 'yes', BROKEN: 'a\r\nX-Stolen: b\u2028' })[name],
  sslVariable: (name) => (name === 'SSL_PROTOCOL' ? 'TLSv1.3' : undefined),
  subject: () => assert.fail('no rule here has an expression'),
  requestHeaders: ['X-One', '1', 'x-two', '2', 'X-Three', '3'],
  setNote: (name, value) => notes.set(name, value),
};

const value = compileHeaderFormat;

function rule(action: HeaderAction, condition?: HeaderRule['condition']): HeaderRule {
  return { action, condition };
}

function apply(fields: readonly string[], ...rules: HeaderRule[]): readonly string[] {
  const table = new HeaderTable(fields);
  applyRequestRules(rules, table, facts);
  return table.fields;
}

const edit = (name: string, pattern: RegExp, replacement: string, everyMatch = false): HeaderRule =>
  rule({ kind: 'edit', name, pattern, replacement: value(replacement), everyMatch });

describe('HeaderTable', () => {
  it('knows names in any case, and several fields of one', () => {
    const table = new HeaderTable(['A', '1', 'b', '2', 'a', '3']);
    assert.deepEqual(
      [table.get('a'), table.getAll('A'), table.get('c'), table.getAll('c')],
      ['1', ['1', '3'], undefined, []],
    );
    table.set('a', '4');
    assert.deepEqual(table.fields, ['a', '4', 'b', '2']);
    table.add('A', '5');
    table.merge('A', '6');
    table.merge('C', '7');
    assert.deepEqual(table.fields, ['a', '4, 6', 'b', '2', 'A', '5', 'C', '7']);
    table.unset('A');
    table.unset('none');
    assert.deepEqual(table.fields, ['b', '2', 'C', '7']);
  });
});

describe('header formats', () => {
  const formats: readonly [format: string, text: string][] = [
    ['plain', 'plain'],
    ['', ''],
    ['100%', '100%'],
    ['%%t', '%t'],
    ['%t %D', 't=1700000000123456 D=250'],
    ['%l', 'l=0.50/1.00/2.35'],
    ['<%{SEEN}e> %{UNSEEN}e', '<yes> (null)'],
    ['%{SSL_PROTOCOL}s %{HTTPS}s', 'TLSv1.3 (null)'],
    ['%{BROKEN}e', 'a  X-Stolen: b '],
    ['a\\tb\\\\c\\d', 'a\tb\\c\\d'],
  ];
  for (const [format, text] of formats) {
    it(`'${format}'`, () => assert.equal(value(format)(facts), text));
  }

  for (const [format, message] of [
    ['%x', /unrecognized header format %x/],
    ['%{X}', /without a letter/],
    ['%{X', /without '}'/],
    ['%i', /not supported/],
    ['a\\nb', /control characters/],
  ] as const) {
    it(`'${format}' is refused`, () =>
      assert.throws(
        () => value(format),
        (error) => error instanceof HeaderFormatError && message.test(error.message),
      ));
  }
});

describe('header rules', () => {
  it('set, setifempty, add, append and unset', () => {
    const fields = ['A', '1', 'A', '2'];
    assert.deepEqual(apply(fields, rule({ kind: 'set', name: 'a', value: value('3') })), ['a', '3']);
    assert.deepEqual(apply(fields, rule({ kind: 'setifempty', name: 'a', value: value('3') })), fields);
    assert.deepEqual(apply([], rule({ kind: 'setifempty', name: 'a', value: value('3') })), ['a', '3']);
    assert.deepEqual(apply(fields, rule({ kind: 'add', name: 'A', value: value('3') })), [...fields, 'A', '3']);
    assert.deepEqual(apply(fields, rule({ kind: 'append', name: 'A', value: value('3') })), ['A', '1, 3', 'A', '2']);
    assert.deepEqual(apply(fields, rule({ kind: 'unset', name: 'A' })), []);
  });

  it('merge adds what the list does not have; commas in quotes separate nothing', () => {
    const merge = (text: string) => rule({ kind: 'merge', name: 'A', value: value(text) });
    assert.deepEqual(apply(['A', 'a, b'], merge('b')), ['A', 'a, b']);
    assert.deepEqual(apply(['A', 'a, bc'], merge('b')), ['A', 'a, bc, b']);
    assert.deepEqual(apply(['A', '"a,b"'], merge('b"')), ['A', '"a,b", b"']);
    assert.deepEqual(apply(['A', 'x,"a,b"'], merge('"a,b"')), ['A', 'x,"a,b"']);
    assert.deepEqual(apply([], merge('b')), ['A', 'b']);
  });

  it('edit every field, the first match or all', () => {
    assert.deepEqual(apply(['C', 'a=1', 'D', 'x', 'C', 'b=2'], edit('C', /^(.*)$/, '$1; Secure')), [
      'D',
      'x',
      'C',
      'a=1; Secure',
      'C',
      'b=2; Secure',
    ]);
    assert.deepEqual(apply(['A', 'oo'], edit('A', /o/, '%{SEEN}e')), ['A', 'yeso']);
    assert.deepEqual(apply(['A', 'oxo'], edit('A', /(o)|x/, '<$1$0>', true)), ['A', '<oo><x><oo>']);
    assert.deepEqual(apply(['A', 'ab'], edit('A', /x*/, '-', true)), ['A', '-a-b-']);
    assert.deepEqual(apply(['A', 'ab'], edit('B', /x*/, '-', true)), ['A', 'ab']);
  });

  it('hold only where their variable is there, or is not', () => {
    const set = (variable: string, absent: boolean) =>
      rule({ kind: 'set', name: variable, value: value('1') }, { kind: 'variable', variable, absent });
    const found = apply([], set('SEEN', false), set('UNSEEN', false), set('SEEN', true), set('UNSEEN', true));
    assert.deepEqual(found, ['SEEN', '1', 'UNSEEN', '1']);
  });
});

describe('header rules of a response', () => {
  function open(): ResponseFields {
    return {
      always: new HeaderTable(['X', 'always']),
      success: new HeaderTable(['X', 'success']),
      contentType: 'text/plain',
    };
  }

  it('work on their own table', () => {
    const fields = open();
    applyResponseRules([rule({ kind: 'append', name: 'X', value: value('1') })], fields, 'always', facts);
    applyResponseRules([rule({ kind: 'unset', name: 'X' })], fields, 'success', facts);
    assert.deepEqual([fields.always.fields, fields.success.fields], [['X', 'always, 1'], []]);
  });

  it('change the type whichever table they are for', () => {
    const type = (action: HeaderAction): string | undefined => {
      const fields = open();
      applyResponseRules([rule(action)], fields, 'always', facts);
      return fields.contentType;
    };
    const name = 'content-type';
    assert.equal(type({ kind: 'set', name, value: value('a/b') }), 'a/b');
    assert.equal(type({ kind: 'setifempty', name, value: value('a/b') }), 'a/b');
    assert.equal(type({ kind: 'unset', name }), undefined);
    assert.equal(type({ kind: 'append', name, value: value('a/b') }), 'text/plain');
    assert.equal(
      type({ kind: 'edit', name, pattern: /plain/, replacement: value('html'), everyMatch: false }),
      'text/html',
    );
  });

  it('echo fields of the request, and leave notes', () => {
    const fields = open();
    applyResponseRules([rule({ kind: 'echo', pattern: /^X-/ })], fields, 'always', facts);
    assert.deepEqual(fields.success.fields, ['X', 'success', 'X-One', '1', 'X-Three', '3']);
    applyResponseRules([rule({ kind: 'note', name: 'x', note: value('of-x') })], fields, 'success', facts);
    applyResponseRules([rule({ kind: 'note', name: 'none', note: value('of-none') })], fields, 'success', facts);
    assert.deepEqual([...notes], [['of-x', 'success']]);
  });
});
