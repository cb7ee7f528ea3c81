/** A small vocabulary for the tests of this folder: one directive for each thing that the resolver must tell apart. */

import { type Context, type DirectiveDefinition, DirectiveError, listDirective, valueDirective } from './directive.js';
import type { SectionDefinition } from './section-definition.js';
import type { Setting } from './settings.js';
import { Vocabulary } from './vocabulary.js';

const SERVER: readonly Context[] = ['server config', 'virtual host'];
const ANYWHERE: readonly Context[] = [...SERVER, 'directory', '.htaccess'];

/** Collects the values of Mark lines over all scopes, so that a test sees the order of merging. */
export const marks: Setting<readonly string[]> = { id: 'test.mark', merge: (outer, inner) => [...outer, ...inner] };
export const serverName: Setting<string> = { id: 'test.server-name' };
export const documentRoot: Setting<string> = { id: 'test.document-root' };
export const processGroup: Setting<string> = { id: 'test.process-group' };
export const requirements: Setting<readonly string[]> = { id: 'test.require' };

function shared(name: string, module: string, contexts: readonly Context[], syntax: string) {
  return { name, module, contexts, syntax, summary: `${name} for tests.` };
}

const raw: DirectiveDefinition = {
  ...shared('RawLine', 'mod_test', ANYWHERE, 'anything'),
  args: 'raw',
  apply: (line, scope) => scope.update(marks, (before = []) => [...before, line.rawArgs], line.position),
};

const strict: DirectiveDefinition = {
  ...shared('Even', 'mod_test', ANYWHERE, 'number'),
  args: { min: 1, max: 1 },
  apply(line) {
    const word = line.args[0];
    if (Number(word?.text) % 2 !== 0) throw new DirectiveError(`'${word?.text}' is not even`, word);
  },
};

const requireAll: SectionDefinition = {
  ...shared('RequireAll', 'mod_authz_core', ['directory', '.htaccess'], ''),
  override: 'AuthConfig',
  args: { min: 0, max: 0 },
  apply(line, scope) {
    const names = line.node.children.map((child) => `${child.name} ${child.rawArgs}`.trim());
    scope.update(requirements, (before = []) => [...before, ...names], line.position);
  },
};

const tables: readonly (readonly DirectiveDefinition[])[] = [
  [
    listDirective(
      marks,
      { ...shared('Mark', 'mod_test', ANYWHERE, 'word ...'), args: { min: 1, max: Number.POSITIVE_INFINITY } },
      (line) => line.args.map((word) => word.text),
    ),
    raw,
    strict,
    valueDirective(serverName, shared('ServerName', 'core', SERVER, 'name'), (word) => word.text),
    valueDirective(documentRoot, shared('DocumentRoot', 'core', SERVER, 'directory-path'), (word, line) =>
      line.serverRootRelative(word.text),
    ),
    valueDirective(
      processGroup,
      { ...shared('WSGIProcessGroup', 'mod_wsgi', [...SERVER, 'directory'], 'name'), override: 'FileInfo' },
      (word) => word.text,
    ),
  ],
];

export const testVocabulary = new Vocabulary(tables, ['mod_alias'], [requireAll]);
