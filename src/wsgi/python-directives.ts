/** The WSGI directives about Python and its interpreters, for the whole program. */

import {
  type DirectiveDefinition,
  DirectiveError,
  listDirective,
  parseInteger,
  valueDirective,
} from '../conf/directive.js';
import { globalOnly, wsgi, wsgiFlag } from './directive-shapes.js';
import { parseInterval, parseText } from './option-values.js';
import { pythonSettings } from './settings.js';

const HASH_SEED_MAX = 4_294_967_295;

const paths: readonly DirectiveDefinition[] = [
  valueDirective(
    pythonSettings.pythonHome,
    {
      ...wsgi(
        'WSGIPythonHome',
        'directory-path',
        'The virtual environment, or the root of the Python installation, for processes without a python-home of their own.',
      ),
      contexts: globalOnly,
    },
    (word) => parseText(word, 'WSGIPythonHome'),
  ),
  valueDirective(
    pythonSettings.pythonPath,
    {
      ...wsgi(
        'WSGIPythonPath',
        'directory-path[:directory-path] ...',
        'Folders that come first on sys.path in embedded mode.',
      ),
      contexts: globalOnly,
    },
    (word) => word.text.split(':').filter((folder) => folder !== ''),
  ),
  valueDirective(
    pythonSettings.pythonEggs,
    {
      ...wsgi('WSGIPythonEggs', 'directory-path', 'Where Python eggs are unpacked in embedded mode.'),
      contexts: globalOnly,
    },
    (word) => parseText(word, 'WSGIPythonEggs'),
  ),
];

const interpreter: readonly DirectiveDefinition[] = [
  valueDirective(
    pythonSettings.pythonOptimize,
    {
      ...wsgi('WSGIPythonOptimize', '0|1|2', "Python's level of optimisation: 1 leaves assert out, 2 docstrings too."),
      contexts: globalOnly,
      default: '0',
      difference: 'Another value is an error.',
    },
    (word) => {
      const level = parseInteger(word, 'WSGIPythonOptimize', 0, 2);
      return level === 2 ? 2 : level === 1 ? 1 : 0;
    },
  ),
  listDirective(
    pythonSettings.pythonWarnings,
    {
      ...wsgi(
        'WSGIPythonWarnings',
        'filter',
        "A filter for Python's warnings, as its option -W takes it. Several lines add up.",
      ),
      contexts: globalOnly,
      args: { min: 1, max: 1 },
    },
    (line) => line.args.map((word) => parseText(word, 'WSGIPythonWarnings')),
  ),
  valueDirective(
    pythonSettings.pythonHashSeed,
    {
      ...wsgi(
        'WSGIPythonHashSeed',
        'random|number',
        'From what Python makes the hashes of texts: a random number in each process, or this one in all; 0 turns it off.',
      ),
      contexts: globalOnly,
      default: 'random',
      difference: 'random means random: in mod_wsgi 6.0 it is taken as 0.',
    },
    (word) => {
      if (word.text === 'random') return 'random';
      const seed = /^\d+$/.test(word.text) ? Number(word.text) : Number.NaN;
      if (seed <= HASH_SEED_MAX) return seed;
      throw new DirectiveError(
        `WSGIPythonHashSeed must be "random" or an integer in range [0; ${HASH_SEED_MAX}], not '${word.text}'`,
        word,
      );
    },
  ),
  wsgiFlag(pythonSettings.dontWriteBytecode, 'WSGIDontWriteBytecode', 'Whether Python keeps from writing .pyc files.', {
    contexts: globalOnly,
    default: 'Off',
  }),
  valueDirective(
    pythonSettings.switchIntervalSeconds,
    {
      ...wsgi(
        'WSGISwitchInterval',
        'seconds',
        'After what time a running Python thread offers the interpreter to others, in embedded mode; decimals are allowed.',
      ),
      contexts: globalOnly,
      default: "Python's 0.005",
    },
    (word) => parseInterval(word, 'WSGISwitchInterval'),
  ),
  wsgiFlag(
    pythonSettings.perInterpreterGil,
    'WSGIPerInterpreterGIL',
    'Whether each sub-interpreter runs under a lock of its own instead of the one of its process, so that application groups compute at the same time. The main interpreter never does. Extension modules that do not say that they can do with it are refused there by Python.',
    { contexts: globalOnly, default: 'Off', difference: 'Before Python 3.12 it has no effect, which is a warning.' },
  ),
  wsgiFlag(
    pythonSettings.freeThreading,
    'WSGIFreeThreading',
    'Whether a Python that was built for it (3.13 and later) runs without its global lock. Otherwise it is run with it.',
    {
      contexts: globalOnly,
      default: 'Off',
      difference: 'With a Python that was not built for it it has no effect, which is a warning.',
    },
  ),
  wsgiFlag(
    pythonSettings.destroyInterpreter,
    'WSGIDestroyInterpreter',
    'Whether interpreters are taken down when their process ends, with what atexit has registered. Off ends the process without.',
    { contexts: globalOnly, default: 'On' },
  ),
];

const restrictions: readonly DirectiveDefinition[] = [
  wsgiFlag(
    pythonSettings.restrictStdin,
    'WSGIRestrictStdin',
    'Whether the use of sys.stdin raises an error in applications.',
    {
      contexts: globalOnly,
      default: 'Off',
    },
  ),
  wsgiFlag(
    pythonSettings.restrictStdout,
    'WSGIRestrictStdout',
    'Whether the use of sys.stdout raises an error in applications. Otherwise what they print goes to the error log.',
    { contexts: globalOnly, default: 'Off' },
  ),
  wsgiFlag(
    pythonSettings.restrictSignal,
    'WSGIRestrictSignal',
    'Whether signal.signal() in applications is logged and ignored, as the signals of a process belong to its server.',
    { contexts: globalOnly, default: 'On' },
  ),
  wsgiFlag(
    pythonSettings.restrictEmbedded,
    'WSGIRestrictEmbedded',
    'Whether requests that would run in embedded mode are answered with 500.',
    { contexts: globalOnly, default: 'Off' },
  ),
  wsgiFlag(
    pythonSettings.caseSensitivity,
    'WSGICaseSensitivity',
    'Whether paths of scripts that differ in upper and lower case alone are different scripts.',
    { contexts: globalOnly, default: 'On; Off on macOS' },
  ),
  wsgiFlag(
    pythonSettings.serverMetrics,
    'WSGIServerMetrics',
    'Whether applications in embedded mode may ask for figures of the server.',
    {
      contexts: globalOnly,
      default: 'Off',
    },
  ),
  wsgiFlag(
    pythonSettings.verboseDebugging,
    'WSGIVerboseDebugging',
    'Once turned on messages for the developers of mod_wsgi.',
    {
      contexts: globalOnly,
      default: 'Off',
      difference: 'Without effect, as in mod_wsgi 6.0: use LogLevel wsgi:debug.',
    },
  ),
];

export const pythonDirectives: readonly DirectiveDefinition[] = [...paths, ...interpreter, ...restrictions];
