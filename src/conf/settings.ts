/**
 * Settings: the values of one scope, each with the lines that it came from. A Setting is a key; its `merge` says what
 * an inner scope's value does to the outer one's (as Apache's per-module merge functions do). Several directives may
 * write one setting, as Order, Allow and Deny do.
 */

import type { Position } from './source.js';

/** A setting of whatever type. */
export interface SettingKey {
  /** Unique over the whole program: `mod_wsgi.process-group`. */
  readonly id: string;
}

export interface Setting<T> extends SettingKey {
  /** How an inner scope's value meets the outer one's. Without it the inner value takes the outer one's place. */
  readonly merge?: (outer: T, inner: T) => T;
}

interface Entry {
  readonly setting: Setting<unknown>;
  readonly value: unknown;
  /** The lines that made this value, the last one last. */
  readonly origins: readonly Position[];
  /** The lines whose place it took, which have no part in it. */
  readonly overridden: readonly Position[];
}

/** What is known of one setting, whatever its type. */
export type SettingFacts = Pick<Entry, 'value' | 'origins' | 'overridden'>;

const noLines: readonly Position[] = Object.freeze([]);

/** Frozen after resolving; request handling only reads. */
export class Settings {
  static readonly empty = new Settings(new Map());
  readonly #entries: ReadonlyMap<string, Entry>;

  constructor(entries: ReadonlyMap<string, Entry>) {
    this.#entries = entries;
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** Whether a line sets it. */
  has({ id }: SettingKey): boolean {
    return this.#entries.has(id);
  }

  /** The value in force, or undefined where no line sets it. */
  find<T>(setting: Setting<T>): T | undefined {
    return this.#entries.get(setting.id)?.value as T | undefined;
  }

  /** The value in force, or `fallback`. */
  get<T>(setting: Setting<T>, fallback: T): T {
    const entry = this.#entries.get(setting.id);
    return entry === undefined ? fallback : (entry.value as T);
  }

  /** The lines that made the value in force, the last one last; empty where it is the default. */
  origins<T>(setting: Setting<T>): readonly Position[] {
    return this.#entries.get(setting.id)?.origins ?? [];
  }

  /** These settings with `inner` laid over them. */
  overlaid(inner: Settings): Settings {
    if (inner.isEmpty) return this;
    if (this.isEmpty) return inner;
    const entries = new Map(this.#entries);
    for (const [id, entry] of inner.#entries) {
      const outer = entries.get(id);
      entries.set(id, outer === undefined ? entry : laidOver(outer, entry));
    }
    return new Settings(entries);
  }

  ids(): IterableIterator<string> {
    return this.#entries.keys();
  }

  /** By the setting's id, for who wants to know about all of them. */
  findById(id: string): SettingFacts | undefined {
    return this.#entries.get(id);
  }
}

function laidOver(outer: Entry, inner: Entry): Entry {
  const { setting } = inner;
  const value = setting.merge === undefined ? inner.value : setting.merge(outer.value, inner.value);
  // Where the inner value stands alone the outer lines have no part in it.
  if (value === inner.value) {
    return { ...inner, overridden: [...outer.overridden, ...outer.origins, ...inner.overridden] };
  }
  return {
    setting,
    value,
    origins: [...outer.origins, ...inner.origins],
    overridden: [...outer.overridden, ...inner.overridden],
  };
}

/** Collects the settings of one scope while its lines are read. */
export class SettingsBuilder {
  readonly #entries = new Map<string, Entry>();

  /** Sets the value; it takes the place of what earlier lines of the same scope set. */
  set<T>(setting: Setting<T>, value: T, origin: Position): void {
    const previous = this.#entries.get(setting.id);
    const overridden = previous === undefined ? noLines : [...previous.overridden, ...previous.origins];
    this.#entries.set(setting.id, { setting: setting as Setting<unknown>, value, origins: [origin], overridden });
  }

  /** Derives the new value from the one that earlier lines of the same scope left (undefined at the first). */
  update<T>(setting: Setting<T>, change: (previous: T | undefined) => T, origin: Position): void {
    const previous = this.#entries.get(setting.id);
    this.#entries.set(setting.id, {
      setting: setting as Setting<unknown>,
      value: change(previous?.value as T | undefined),
      origins: [...(previous?.origins ?? []), origin],
      overridden: previous?.overridden ?? noLines,
    });
  }

  find<T>(setting: Setting<T>): T | undefined {
    return this.#entries.get(setting.id)?.value as T | undefined;
  }

  build(): Settings {
    return this.#entries.size === 0 ? Settings.empty : new Settings(new Map(this.#entries));
  }
}
