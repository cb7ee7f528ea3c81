import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileApacheRegex } from '../base/apache-regex.js';
import { globToRegex } from '../base/glob.js';
import type { Section, SectionPattern } from './config.js';
import { beginningOf, SectionIndex, sectionIndexedFrom } from './section-index.js';
import { Settings } from './settings.js';

const position = { file: '/httpd.conf', line: 1, column: 1 };

function sectionOf(pattern: SectionPattern): Section {
  return { kind: 'Location', argument: '', settings: Settings.empty, position, pattern, nested: [] };
}

function regexOf(text: string): SectionPattern {
  return { kind: 'regex', regex: compileApacheRegex(text) };
}

function globOf(text: string): SectionPattern {
  return { kind: 'wildcard', glob: text, regex: globToRegex(text, { pathname: true }) };
}

function matches({ pattern }: Section, text: string): boolean {
  return pattern.kind === 'prefix' ? text.startsWith(pattern.path) : pattern.regex.test(text);
}

describe('SectionIndex', () => {
  it('knows how the texts begin that a pattern matches', () => {
    const beginnings: readonly (readonly [SectionPattern, string])[] = [
      [{ kind: 'prefix', path: '/a.b' }, '/a.b'],
      [regexOf('^/media/.*'), '/media/'],
      [regexOf('^/a\\.b/(x|y)'), ''],
      [regexOf('^/a\\.b/(xy)'), '/a.b/'],
      [regexOf('^/ab?c'), '/a'],
      [regexOf('^/ab*c'), '/a'],
      [regexOf('^/ab{0,2}c'), '/a'],
      [regexOf('^/ab+c'), '/ab'],
      [regexOf('^/\\d+'), '/'],
      [regexOf('^/a|^/b'), ''],
      [regexOf('/media/'), ''],
      [regexOf('(?i)^/media'), ''],
      [regexOf('^/x$'), '/x'],
      [globOf('/srv/*/app/'), '/srv/'],
      [globOf('/srv/a?/'), '/srv/a'],
      [globOf('/srv/[ab]/'), '/srv/'],
    ];
    for (const [pattern, beginning] of beginnings) {
      assert.equal(beginningOf(pattern), beginning, pattern.kind === 'prefix' ? pattern.path : pattern.regex.source);
    }
  });

  it('leaves out none that matches, and keeps the order', () => {
    const word = fc.stringMatching(/^\/[ab.]{0,3}(?:\/[ab]{0,2})?$/);
    const regex = fc.stringMatching(/^\^?\/(?:[ab]|\\\.|\.|[ab][*+?]|\(a\|b\)|[ab]\{0,1\}){0,4}\$?$/);
    const pattern = fc.oneof(
      word.map((path): SectionPattern => ({ kind: 'prefix', path })),
      regex.map(regexOf),
      fc.stringMatching(/^\/[ab.*?]{0,5}$/).map(globOf),
    );
    const sections = fc.array(pattern.map(sectionOf), { minLength: 0, maxLength: 2 * sectionIndexedFrom });
    fc.assert(
      fc.property(sections, fc.stringMatching(/^\/[ab./]{0,8}$/), (list, text) => {
        const found = new SectionIndex(list).candidates(text).filter((section) => matches(section, text));
        assert.deepEqual(
          found,
          list.filter((section) => matches(section, text)),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('tries few of thousands', () => {
    const list = Array.from({ length: 5_000 }, (_, index) =>
      sectionOf(index % 2 === 0 ? { kind: 'prefix', path: `/site${index}/x` } : regexOf(`^/site${index}/.*\\.cgi$`)),
    );
    assert.deepEqual(new SectionIndex(list).candidates('/site4/x/y').length, 1);
  });
});
