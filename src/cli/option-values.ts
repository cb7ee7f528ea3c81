/** How the values of options on the command line are read; commander turns the errors into messages that name the option. */

import { InvalidArgumentError } from 'commander';

/** @returns a reader of whole numbers within the bounds */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      throw new InvalidArgumentError(max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `${min} to ${max}`);
    }
    return value;
  };
}

/** @returns a reader of sizes that are 0 for the default or have a least value */
export function bufferSize(min: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value !== 0 && !(value >= min)) throw new InvalidArgumentError(`0, or at least ${min}`);
    return value;
  };
}

/** Bytes with K, M or G if wanted; the text stays as it is, for the configuration. */
export function scaledBytes(text: string): string {
  if (!/^\d+[kmg]?$/i.test(text)) throw new InvalidArgumentError('a number of bytes, with K, M or G if wanted');
  return text;
}

/** Seconds above 0, with decimals if wanted. */
export function interval(text: string): number {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0)) throw new InvalidArgumentError('a number of seconds above 0');
  return value;
}

export function urlPath(text: string): string {
  if (!text.startsWith('/')) throw new InvalidArgumentError('it must begin with /');
  return text;
}

/** One of the words, in any case. */
export function oneOf<T extends string>(words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((known) => known.toLowerCase() === text.toLowerCase());
    if (word === undefined) throw new InvalidArgumentError(words.join(', '));
    return word;
  };
}

/** For options that may be repeated. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}
