/**
 * Settings: the values of one scope, each with the lines that it came from. A Setting is a key; its `merge` says what
 * an inner scope's value does to the outer one's (as Apache's per-module merge functions do). Several directives may
 * write one setting, as Order, Allow and Deny do.
 */
import type { Position } from './source.js';
export interface Setting<T> {
    /** Unique over the whole program: `mod_wsgi.process-group`. */
    readonly id: string;
    /** How an inner scope's value meets the outer one's. Without it the inner value takes the outer one's place. */
    readonly merge?: (outer: T, inner: T) => T;
}
interface Entry {
    readonly setting: Setting<unknown>;
    readonly value: unknown;
    /** The lines that made this value, the last one last. */
    readonly origins: readonly Position[];
}
/** Frozen after resolving; request handling only reads. */
export declare class Settings {
    #private;
    static readonly empty: Settings;
    constructor(entries: ReadonlyMap<string, Entry>);
    get isEmpty(): boolean;
    /** The value in force, or undefined where no line sets it. */
    find<T>(setting: Setting<T>): T | undefined;
    /** The value in force, or `fallback`. */
    get<T>(setting: Setting<T>, fallback: T): T;
    /** The lines that made the value in force, the last one last; empty where it is the default. */
    origins<T>(setting: Setting<T>): readonly Position[];
    /** These settings with `inner` laid over them. */
    overlaid(inner: Settings): Settings;
    ids(): IterableIterator<string>;
}
/** Collects the settings of one scope while its lines are read. */
export declare class SettingsBuilder {
    #private;
    /** Sets the value; an earlier line of the same scope is forgotten. */
    set<T>(setting: Setting<T>, value: T, origin: Position): void;
    /** Derives the new value from the one that earlier lines of the same scope left (undefined at the first). */
    update<T>(setting: Setting<T>, change: (previous: T | undefined) => T, origin: Position): void;
    find<T>(setting: Setting<T>): T | undefined;
    build(): Settings;
}
export {};
