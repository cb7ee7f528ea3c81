/** What is printed when the server is up: its addresses, its processes, its log. */

import type { ServerTree } from '../server/server-tree.js';

export function printTree(tree: ServerTree): void {
  for (const { host, port, scheme } of tree.addresses) console.log(`listening on ${formatUrl(host, port, scheme)}`);
  const lines: string[] = [`stillhouse (pid ${process.pid})`];
  const children: string[] = [];
  const user = tree.user === undefined ? '' : ` user ${tree.user}`;
  const embedded =
    tree.embedded === undefined
      ? ''
      : `: embedded mode, ${tree.embedded.threads} request threads, Python ${tree.embedded.version.join('.')}`;
  for (const { pid } of tree.httpChildren) children.push(`http child (pid ${pid})${user}${embedded}`);
  for (const group of tree.groups) {
    const name = group.displayName ?? `(wsgi:${group.name})`;
    const as = group.user === undefined ? '' : ` user ${group.user}`;
    for (const { pid } of group.processes) {
      children.push(
        `${name} (pid ${pid})${as}: group '${group.name}', ${group.threads} request threads, Python ${group.python.version.join('.')}`,
      );
    }
  }
  children.forEach((child, index) => {
    lines.push(`${index === children.length - 1 ? '└─' : '├─'} ${child}`);
  });
  for (const line of lines) console.log(line);
  console.log(`logs: ${tree.logs.length === 0 ? 'this terminal' : tree.logs.join(', ')}`);
}

/** An address that a browser on this machine can open. */
export function formatUrl(host: string | undefined, port: number, scheme: 'http' | 'https' = 'http'): string {
  const name = host === undefined || host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const isDefault = port === (scheme === 'https' ? 443 : 80);
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}${isDefault ? '' : `:${port}`}/`;
}
