/** The command of a piped log, as Apache takes it apart. */

/** `|$command` is for the shell; `|command` and `||command` are started as they stand (apr_tokenize_to_argv). */
export function parsePipeCommand(text: string): readonly string[] {
  if (text.startsWith('|$')) return ['/bin/sh', '-c', text.slice(2).trim()];
  return splitWords(text.replace(/^\|{1,2}/, ''));
}

/** Blanks separate; quotes of both kinds group, and a backslash takes the next character as it is. */
function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '\\' && at + 1 < text.length) word = (word ?? '') + text[++at];
    else if (char === quote) quote = '';
    else if (quote !== '') word = (word ?? '') + char;
    else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === ' ' || char === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}
