/**
 * mod_wsgi's own reading of a line: words, then `name=value` options whose value may be quoted on its own
 * (`display-name="a b"`), which Apache's splitting into words would tear apart. Used by the WSGI tables.
 */

import { DirectiveError, type DirectiveLine } from '../conf/directive.js';
import { nearestName } from '../conf/edit-distance.js';
import { nextWord } from '../conf/lexer.js';
import { type Position, positionAfter, type Word } from '../conf/source.js';

/** One `name=value`. The position of `value` is that of the value. */
export interface OptionWord {
  readonly name: Word;
  readonly value: Word;
}

export interface RawArguments {
  readonly words: readonly Word[];
  readonly options: readonly OptionWord[];
}

/**
 * Splits a line into at most `wordCount` words and options behind them. `what` names the directive in messages: "WSGI
 * daemon process".
 * @throws DirectiveError where something behind the words is no option
 */
export function splitRawArguments(line: DirectiveLine, wordCount: number, what: string): RawArguments {
  const text = line.rawArgs;
  const words: Word[] = [];
  const options: OptionWord[] = [];
  let at = 0;
  for (let word = nextWord(text, at); word !== undefined; word = nextWord(text, at)) {
    if (words.length < wordCount) {
      words.push({ text: word.text, position: positionAt(line, word.start) });
      at = word.next;
      continue;
    }
    const name = /^[^\s=]+/.exec(text.slice(word.start))?.[0] ?? '';
    const nameWord = { text: name, position: positionAt(line, word.start) };
    const valueAt = word.start + name.length + 1;
    if (name === '' || text[valueAt - 1] !== '=') {
      throw new DirectiveError(
        `invalid option to ${what} definition: '${word.text}' is not of the form name=value`,
        nameWord,
      );
    }
    // mod_wsgi takes the word behind the blank for the value: with `lang= threads=5` that is the next option.
    if (/^\s+\S/.test(text.slice(valueAt))) {
      throw new DirectiveError(
        `invalid option to ${what} definition: '${name}=' is followed by a blank, its value is missing`,
        nameWord,
      );
    }
    const isEmpty = valueAt >= text.length;
    const value = isEmpty ? undefined : nextWord(text, valueAt);
    options.push({ name: nameWord, value: { text: value?.text ?? '', position: positionAt(line, valueAt) } });
    at = value?.next ?? valueAt;
  }
  return { words, options };
}

/** The message for an option that does not exist, with the nearest that does. */
export function unknownOption(option: OptionWord, what: string, known: readonly string[]): DirectiveError {
  const nearest = nearestName(option.name.text, known);
  const hint = nearest === undefined ? `; there are ${known.join(', ')}` : `; did you mean '${nearest}'?`;
  return new DirectiveError(
    `invalid option to ${what} definition: there is no option '${option.name.text}'${known.length > 8 && nearest === undefined ? '' : hint}`,
    option.name,
  );
}

/** Where a character of the raw arguments stands. */
function positionAt(line: DirectiveLine, offset: number): Position {
  return positionAfter(line.rawStart ?? line.position, offset);
}
