/** Which conditional sections apply, and in which order. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ConditionalSection,
  chooseConditional,
  conditionalSections,
  ownSectionsOf,
} from './conditional-sections.js';
import type { ConditionKind } from './config.js';
import { parseText } from './memory-files.test.fixture.js';
import { resolveConfig } from './resolver.js';
import { SettingsBuilder } from './settings.js';
import { testVocabulary } from './vocabulary.test.fixture.js';

const position = { file: '/main.conf', line: 1, column: 1 };

/** `name` is the condition; it holds where the test says so. */
function section(kind: ConditionKind, name: string, inner: readonly ConditionalSection[] = []): ConditionalSection {
  const settings = new SettingsBuilder();
  if (inner.length > 0) settings.set(conditionalSections, inner, position);
  const condition = kind === 'Else' ? undefined : { text: name };
  return { kind, argument: name, condition, settings: settings.build(), position };
}

function chosen(candidates: readonly ConditionalSection[], ...holding: string[]): string {
  return chooseConditional(candidates, ({ text }) => holding.includes(text))
    .map(({ argument }) => argument)
    .join(' ');
}

test('of If, ElseIf and Else the first counts that holds', () => {
  const chain = [section('If', 'a'), section('ElseIf', 'b'), section('ElseIf', 'c'), section('Else', 'else')];
  assert.equal(chosen(chain, 'a', 'b', 'c'), 'a');
  assert.equal(chosen(chain, 'b', 'c'), 'b');
  assert.equal(chosen(chain, 'c'), 'c');
  assert.equal(chosen(chain), 'else');
});

test('a condition behind one that was taken is not even tried', () => {
  const tried: string[] = [];
  chooseConditional([section('If', 'a'), section('ElseIf', 'b'), section('If', 'c')], ({ text }) => {
    tried.push(text);
    return true;
  });
  assert.deepEqual(tried, ['a', 'c']);
});

test('each If begins anew, also one that follows an Else', () => {
  const sections = [section('If', 'a'), section('Else', 'not-a'), section('If', 'b'), section('Else', 'not-b')];
  assert.equal(chosen(sections, 'a'), 'a not-b');
  assert.equal(chosen(sections, 'b'), 'not-a b');
});

test('what stands inside applies after all of the level above, and only where its section does', () => {
  const outer = section('If', 'a', [section('If', 'a1', [section('If', 'a2')]), section('Else', 'not-a1')]);
  const sections = [outer, section('If', 'b', [section('If', 'b1')]), section('If', 'c')];
  assert.equal(chosen(sections, 'a', 'a1', 'a2', 'b', 'b1', 'c'), 'a b c a1 b1 a2');
  assert.equal(chosen(sections, 'a', 'b1', 'c'), 'a c not-a1');
});

test('all sections of a server are those of every kind, each once', () => {
  const text = `<Directory /srv>\n<Files x>\n</Files>\n</Directory>\n<Files y>\n</Files>\n<Location /z>\n</Location>\n`;
  const { config } = resolveConfig(parseText(text).tree, testVocabulary);
  assert.deepEqual(
    ownSectionsOf(config.main).map(({ argument }) => argument),
    ['/srv', 'x', 'y', '/z'],
  );
});
