/** The server's own pages for error and redirect statuses: plain, with nothing in them that the client must not know. */

import { STATUS_CODES } from 'node:http';

const explanations: Readonly<Record<number, string>> = {
  301: 'The document is found at another address from now on.',
  302: 'The document is found at another address for the time being.',
  303: 'The answer to your request is found at another address.',
  400: 'The server could not understand the request that your browser sent.',
  403: 'You are not permitted to access this resource.',
  404: 'The server has nothing at this address.',
  405: 'This resource does not take requests of this method.',
  408: 'Your browser did not send the whole request in time.',
  410: 'What was found at this address is gone for good.',
  411: 'The request has a body and does not say how long it is.',
  412: 'A condition in the request does not hold for this resource.',
  413: 'The body of the request is longer than this server takes.',
  414: 'The address of the request is longer than this server takes.',
  416: 'The resource has no bytes in the range that was asked for.',
  417: 'The server can not meet the expectation in the request.',
  421: 'This connection was made for another host: please ask again over a new one.',
  500: 'The server met an internal error and could not complete the request. The error log of the server may tell more.',
  501: 'The server does not know how to carry out this request.',
  502: 'The process that was to answer the request ended before it did.',
  503: 'The server can not take the request at this moment. Please try again later.',
  504: 'The process that was to answer the request did not do so in time.',
};

/** The reason phrase of a status. */
export function reasonPhrase(status: number): string {
  return STATUS_CODES[status] ?? 'Unknown';
}

/** The page as HTML. `signature` stands below a line: ServerSignature. `location` is linked. */
export function formatErrorPage(status: number, details: { signature?: string; location?: string } = {}): string {
  const title = `${status} ${reasonPhrase(status)}`;
  const link = details.location === undefined ? '' : ` <a href="${escapeHtml(details.location)}">Go there</a>.`;
  const explanation = explanations[status] ?? 'The request could not be answered as usual.';
  const signature =
    details.signature === undefined ? '' : `<hr>\n<address>${escapeHtml(details.signature)}</address>\n`;
  return (
    `<!DOCTYPE html>\n<html><head>\n<title>${title}</title>\n</head><body>\n` +
    `<h1>${reasonPhrase(status)}</h1>\n<p>${explanation}${link}</p>\n${signature}</body></html>\n`
  );
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
