/** Whether a server's answer is the right one: without this a fast error page would win. */

import type { ReadResponse } from './load/response-reader.js';
import type { BenchRequest } from './workloads.js';

/** What is wrong with it; undefined for nothing. The response must have been read with its body. */
export function checkResponse({ expect }: BenchRequest, { status, body }: ReadResponse): string | undefined {
  const text = (body ?? Buffer.alloc(0)).toString('latin1');
  if (status !== 200) return `status ${status}: ${text.slice(0, 200)}`;
  if ('contains' in expect) {
    const found = text.replace(/\s+/g, ' ');
    // JSON with or without blanks is the same JSON.
    if (found.includes(expect.contains) || found.replaceAll(' ', '').includes(expect.contains)) return undefined;
    return `the answer does not contain '${expect.contains}': ${text.slice(0, 200)}`;
  }
  if (text.length !== expect.bytes) return `${text.length} bytes instead of ${expect.bytes}: ${text.slice(0, 200)}`;
  if (expect.equal !== undefined && text !== expect.equal) return `'${text}' instead of '${expect.equal}'`;
  return undefined;
}
