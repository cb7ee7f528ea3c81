/** The page that lists a folder: the plain form of mod_autoindex (Options Indexes without FancyIndexing). Pure. */

import { escapeHtml } from './html-escape.js';

export interface ListedEntry {
  /** A byte string. */
  readonly name: string;
  readonly isFolder: boolean;
}

/**
 * @param uri the folder's path, decoded, a byte string with a slash at its end
 * @param query `O=D` turns the order round, as the links of Apache's lists ask
 * @param escapePath as paths of redirects are escaped
 * @param ignoreCase capital letters and small ones are the same
 * @returns a byte string
 */
export function formatFolderList(
  uri: string,
  query: string,
  entries: readonly ListedEntry[],
  ignoreCase: boolean,
  escapePath: (path: string) => string,
): string {
  const title = escapeHtml(uri.replace(/\/+$/, '') || '/');
  const isDescending = /(?:^|[;&])O=D/.test(query);
  const sorted = [...entries].sort((one, other) => compare(one, other, ignoreCase) * (isDescending ? -1 : 1));
  const lines = sorted.map(({ name, isFolder }) => {
    const text = isFolder ? `${name}/` : name;
    // A name with a colon in it would be taken for a scheme.
    const path = escapePath(text);
    return formatLine(path.includes(':') ? `./${path}` : path, text);
  });
  if (uri !== '/') lines.unshift(formatLine(escapePath(uri.replace(/[^/]*\/*$/, '')), 'Parent Directory'));
  return (
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n' +
    `<html>\n <head>\n  <title>Index of ${title}</title>\n </head>\n <body>\n<h1>Index of ${title}</h1>\n` +
    `<ul>${lines.join('')}</ul>\n</body></html>\n`
  );
}

function formatLine(path: string, text: string): string {
  return `<li><a href="${escapeHtml(path)}"> ${escapeHtml(text)}</a></li>\n`;
}

function compare(one: ListedEntry, other: ListedEntry, ignoreCase: boolean): number {
  const fold = (entry: ListedEntry): string => {
    const name = entry.isFolder ? `${entry.name}/` : entry.name;
    return ignoreCase ? name.toLowerCase() : name;
  };
  const [a, b] = [fold(one), fold(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}
