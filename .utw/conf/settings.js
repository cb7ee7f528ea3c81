/**
 * Settings: the values of one scope, each with the lines that it came from. A Setting is a key; its `merge` says what
 * an inner scope's value does to the outer one's (as Apache's per-module merge functions do). Several directives may
 * write one setting, as Order, Allow and Deny do.
 */
/** Frozen after resolving; request handling only reads. */
export class Settings {
    static empty = new Settings(new Map());
    #entries;
    constructor(entries) {
        this.#entries = entries;
    }
    get isEmpty() {
        return this.#entries.size === 0;
    }
    /** The value in force, or undefined where no line sets it. */
    find(setting) {
        return this.#entries.get(setting.id)?.value;
    }
    /** The value in force, or `fallback`. */
    get(setting, fallback) {
        const entry = this.#entries.get(setting.id);
        return entry === undefined ? fallback : entry.value;
    }
    /** The lines that made the value in force, the last one last; empty where it is the default. */
    origins(setting) {
        return this.#entries.get(setting.id)?.origins ?? [];
    }
    /** These settings with `inner` laid over them. */
    overlaid(inner) {
        if (inner.isEmpty)
            return this;
        if (this.isEmpty)
            return inner;
        const entries = new Map(this.#entries);
        for (const [id, entry] of inner.#entries) {
            const outer = entries.get(id);
            const merge = entry.setting.merge;
            entries.set(id, outer === undefined || merge === undefined
                ? entry
                : {
                    setting: entry.setting,
                    value: merge(outer.value, entry.value),
                    origins: [...outer.origins, ...entry.origins],
                });
        }
        return new Settings(entries);
    }
    ids() {
        return this.#entries.keys();
    }
}
/** Collects the settings of one scope while its lines are read. */
export class SettingsBuilder {
    #entries = new Map();
    /** Sets the value; an earlier line of the same scope is forgotten. */
    set(setting, value, origin) {
        this.#entries.set(setting.id, { setting: setting, value, origins: [origin] });
    }
    /** Derives the new value from the one that earlier lines of the same scope left (undefined at the first). */
    update(setting, change, origin) {
        const previous = this.#entries.get(setting.id);
        this.#entries.set(setting.id, {
            setting: setting,
            value: change(previous?.value),
            origins: [...(previous?.origins ?? []), origin],
        });
    }
    find(setting) {
        return this.#entries.get(setting.id)?.value;
    }
    build() {
        return this.#entries.size === 0 ? Settings.empty : new Settings(new Map(this.#entries));
    }
}
//# sourceMappingURL=settings.js.map