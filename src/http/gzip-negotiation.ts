/** Who gets a compressed response, and what becomes of its entity tag (mod_deflate.c, deflate_out_filter). Pure. */

/** Whether the client takes gzip: it names it, and not with a weight of 0. As to Apache, `*` is no such name. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  for (const element of acceptEncoding?.split(',') ?? []) {
    const [coding = '', ...parameters] = element.split(';');
    if (coding.trim().toLowerCase() !== 'gzip') continue;
    return !parameters.some((parameter) => /^\s*q\s*=\s*0(?:\.0*)?\s*$/i.test(parameter));
  }
  return false;
}

/** Whether the response is encoded already: `identity` and its kin are no encodings. */
export function isEncoded(contentEncoding: string | undefined): boolean {
  const plain = ['', 'identity', '7bit', '8bit', 'binary'];
  return contentEncoding?.split(',').some((coding) => !plain.includes(coding.trim().toLowerCase())) ?? false;
}

/** Two representations of one resource are told apart by their tags (RFC 9110 section 8.8.3). */
export function gzipEntityTag(tag: string): string {
  return /^.{2,}"$/.test(tag) ? `${tag.slice(0, -1)}-gzip"` : tag;
}

/** A list of tags with those of compressed responses as the ones of the plain ones. */
export function plainEntityTags(tags: string): string {
  return tags.replaceAll('-gzip"', '"');
}
