/** Options of WSGIDaemonProcess about how many processes a group has, as whom they run, and with which Python. */

import { DirectiveError } from '../conf/directive.js';
import { isRoot, parseAccount } from './account-reference.js';
import { account, type DaemonOption, daemon, text } from './daemon-option.js';
import {
  parseAbsolutePath,
  parseInterval,
  parseOctal,
  parseOnOff,
  parseText,
  parseWholeNumber,
} from './option-values.js';

/** Threads: mod_wsgi's stack of idle threads has room for so many. */
const THREADS_LIMIT = 65_533;

/** CPython's: threading.stack_size refuses less. */
const STACK_BYTES_MIN = 32_768;

export const sizeOptions: Readonly<Record<string, DaemonOption>> = {
  processes: {
    syntax: 'number',
    default: '1',
    summary: 'How many processes the group has. Saying it at all, even as 1, makes wsgi.multiprocess true.',
    apply: (group, value) => {
      group.processes = parseWholeNumber(value, daemon('process count'), 1);
      group.processesGiven = true;
    },
  },
  threads: {
    syntax: 'number',
    default: '15',
    summary:
      'How many requests each process runs at once. 0 makes the processes serve none: they run their import scripts.',
    apply: (group, value) => {
      group.threads = parseWholeNumber(value, daemon('thread count'), 0, THREADS_LIMIT);
    },
  },
};

export const identityOptions: Readonly<Record<string, DaemonOption>> = {
  user: {
    syntax: 'name|#uid',
    default: 'User',
    summary: 'As whom the processes run. Without effect where the server was not started as root.',
    apply: (group, value) => {
      const user = parseAccount(value, daemon('user'));
      if (isRoot(user)) throw new DirectiveError('WSGI process blocked from running as root', value);
      group.user = user;
    },
  },
  group: { ...account('group', 'group', 'With which group the processes run.'), default: 'Group', syntax: 'name|#gid' },
  'supplementary-groups': {
    syntax: 'name[,name]...',
    default: 'all groups of the user',
    summary: 'The further groups of the processes, in place of those that the group database gives their user.',
    apply: (group, value) => {
      const names = parseText(value, daemon('supplementary groups')).split(',');
      group.supplementaryGroups = names.map((name) =>
        parseAccount({ text: name, position: value.position }, daemon('supplementary group')),
      );
    },
  },
  umask: {
    syntax: 'octal',
    default: 'that of the server',
    summary: 'Which rights new files of the processes lack.',
    apply: (group, value) => {
      group.umask = parseOctal(value, daemon('umask'));
    },
  },
  chroot: {
    syntax: 'directory-path',
    summary:
      'The folder that becomes the root of the file system for the processes. Scripts are named by their paths outside; home and python-path by those inside. The folder must hold, at the same paths as outside, the standard library of the same Python version and what its extension modules need. Only for a server that root starts.',
    difference: 'The interpreter itself and its user database are those outside.',
    apply: (group, value) => {
      group.chroot = parseAbsolutePath(value, daemon('chroot directory'));
    },
  },
  home: {
    syntax: 'directory-path',
    default: "the user's home where the user differs from User, else /",
    summary: 'The working folder of the processes; it comes first on sys.path.',
    apply: (group, value) => {
      group.home = parseAbsolutePath(value, daemon('home directory'));
    },
  },
  'script-user': account('scriptUser', 'script user', 'Who must own the script and its folder.'),
  'script-group': account('scriptGroup', 'script group', 'Which group must own the script and its folder.'),
  'socket-user': account(
    'socketUser',
    'socket user',
    'Who owns the sockets of the processes, and may connect to them beside the server itself. Without effect where the server was not started as root.',
  ),
};

export const pythonOptions: Readonly<Record<string, DaemonOption>> = {
  lang: text('lang', 'locale', 'The environment variable LANG of the processes.'),
  locale: text('locale', 'locale', 'The locale of the processes and their variable LC_ALL, for instance C.UTF-8.'),
  'python-home': text(
    'pythonHome',
    'directory-path',
    'The root of the virtual environment, or of the Python installation.',
  ),
  'python-path': {
    syntax: 'directory-path[:directory-path]...',
    summary: 'Folders that come first on sys.path; their .pth files count.',
    apply: (group, value) => {
      const folders = value.text.split(':').filter((folder) => folder !== '');
      group.pythonPath = folders.length === 0 ? undefined : folders;
    },
  },
  'python-eggs': text('pythonEggs', 'directory-path', 'Where Python eggs are unpacked (PYTHON_EGG_CACHE).'),
  'switch-interval': {
    syntax: 'seconds',
    default: "Python's 0.005",
    summary: 'After what time a running Python thread offers the interpreter to others; decimals are allowed.',
    apply: (group, value) => {
      group.switchIntervalSeconds = parseInterval(value, daemon('switch interval'));
    },
  },
  'stack-size': {
    syntax: 'bytes',
    default: "the system's",
    summary: 'The size of the stack of each thread of the processes.',
    difference: `Below ${STACK_BYTES_MIN} bytes, the least that Python takes, it is an error.`,
    apply: (group, value) => {
      group.stackSizeBytes = parseWholeNumber(value, daemon('stack size'), STACK_BYTES_MIN);
    },
  },
  'display-name': {
    syntax: 'text|%{GROUP}',
    summary: 'What ps shows as the name of the processes; %{GROUP} stands for (wsgi:name-of-the-group).',
    apply: (group, value) => {
      // The whole value is the token or none of it, as in mod_wsgi.
      const shown = value.text === '%{GROUP}' ? `(wsgi:${group.name})` : value.text;
      group.displayName = shown === '' ? undefined : shown;
    },
  },
  'server-metrics': {
    syntax: 'On|Off',
    default: 'Off',
    summary: 'Whether applications of the group may ask for figures of the whole server.',
    apply: (group, value) => {
      group.serverMetrics = parseOnOff(value, daemon('server metrics flag'));
    },
  },
};
