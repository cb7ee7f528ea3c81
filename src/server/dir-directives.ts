/** mod_dir's directives: what a request for a folder gets. */

import { toByteString } from '../base/byte-string.js';
import { type DirectiveDefinition, DirectiveError, flagDirective, valueDirective } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
import { allContexts } from './directive-arguments.js';

export const dirSettings = Object.freeze({
  /** File names, or URL paths where they start with '/', in order of preference. Inner scopes replace the list. */
  directoryIndex: { id: 'mod_dir.directory-index' } as Setting<readonly string[]>,
  directorySlash: { id: 'mod_dir.directory-slash' } as Setting<boolean>,
  /** A URL path; '' for none. */
  fallbackResource: { id: 'mod_dir.fallback-resource' } as Setting<string>,
});

export const defaultDirectoryIndex: readonly string[] = ['index.html'];

export const dirDirectives: readonly DirectiveDefinition[] = [
  {
    name: 'DirectoryIndex',
    module: 'mod_dir',
    contexts: allContexts,
    override: 'Indexes',
    syntax: 'disabled | local-url [local-url] ...',
    args: { min: 0, max: Number.POSITIVE_INFINITY },
    default: 'index.html',
    summary:
      'What a request for a folder gets: the first of these files that exists. Several lines of a section add up; disabled as the only word switches this off.',
    apply(line, scope) {
      const words = line.args.map((word) => word.text);
      const disabled = words.length === 1 && words[0]?.toLowerCase() === 'disabled';
      scope.update(
        dirSettings.directoryIndex,
        (previous) => (disabled ? [] : [...(previous ?? []), ...words]),
        line.position,
      );
    },
  },
  flagDirective(dirSettings.directorySlash, {
    name: 'DirectorySlash',
    module: 'mod_dir',
    contexts: allContexts,
    override: 'Indexes',
    default: 'On',
    summary: 'Whether a request for a folder without the slash at its end is redirected to the path with the slash.',
  }),
  valueDirective(
    dirSettings.fallbackResource,
    {
      name: 'FallbackResource',
      module: 'mod_dir',
      contexts: allContexts,
      override: 'Indexes',
      syntax: 'disabled | local-url',
      default: 'disabled',
      summary:
        'What answers requests for which there is no file, and for folders without an index: the path of a file or script of this server. The query goes with it.',
    },
    (word) => {
      if (word.text.toLowerCase() === 'disabled') return '';
      if (word.text.startsWith('/')) return toByteString(word.text);
      throw new DirectiveError(
        `FallbackResource must be a path of this server with a slash before it, not '${word.text}'`,
        word,
      );
    },
  ),
];
