import assert from 'node:assert';
import { describe, it } from 'node:test';
import { parsePipeCommand } from './pipe-command.js';

describe('the command of a piped log', () => {
  const commands: readonly (readonly [string, readonly string[]])[] = [
    ['|/usr/bin/rotatelogs /var/log/a.%Y 86400', ['/usr/bin/rotatelogs', '/var/log/a.%Y', '86400']],
    ['||/bin/cat', ['/bin/cat']],
    ['| cat -u ', ['cat', '-u']],
    ["|logger -t 'my site' \"a b\" c\\ d ''", ['logger', '-t', 'my site', 'a b', 'c d', '']],
    ['|$cat >>/tmp/a', ['/bin/sh', '-c', 'cat >>/tmp/a']],
  ];
  for (const [text, command] of commands) it(text, () => assert.deepStrictEqual(parsePipeCommand(text), command));
});
