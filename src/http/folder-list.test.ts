import assert from 'node:assert';
import { describe, it } from 'node:test';
import { formatFolderList, type ListedEntry } from './folder-list.js';

const entries: readonly ListedEntry[] = [
  { name: 'b<&>.txt', isFolder: false },
  { name: 'B', isFolder: true },
  { name: 'a:b', isFolder: false },
];

function linesOf(uri: string, query = '', ignoreCase = false): readonly string[] {
  const page = formatFolderList(uri, query, entries, ignoreCase, encodeURI);
  return [...page.matchAll(/<a href="([^"]*)"> (.*?)<\/a>/g)].map((found) => `${found[1]} ${found[2]}`);
}

describe('the list of a folder', () => {
  it('is in the order of bytes', () => {
    assert.deepStrictEqual(linesOf('/'), ['B/ B/', './a:b a:b', 'b%3C&amp;%3E.txt b&lt;&amp;&gt;.txt']);
  });

  it('may be in that of letters, or the other way round', () => {
    assert.strictEqual(linesOf('/', '', true)[0], './a:b a:b');
    assert.strictEqual(linesOf('/', 'C=N;O=D')[2], 'B/ B/');
  });

  it('leads up, first of all', () => {
    assert.strictEqual(linesOf('/x/y/', 'O=D')[0], '/x/ Parent Directory');
    assert.strictEqual(linesOf('/x/')[0], '/ Parent Directory');
  });

  it('says where it is, escaped', () => {
    assert.match(formatFolderList('/a<b/', '', [], false, encodeURI), /<h1>Index of \/a&lt;b<\/h1>/);
  });
});
