/** The names that Define and -D set, and ${NAME} in words. Belongs to one reading; the parser owns it. */
/** What ${} ran into while one text was expanded. */
export interface ExpansionReport {
    /** A name that neither Define nor the environment knows; it stays as written. */
    unknown(name: string): void;
    /** The text grew over the limit; the rest of it is left out. */
    tooLong(): void;
}
/**
 * As in httpd, <IfDefine> compares names exactly but ${} finds values without regard to case, and a name with an empty
 * value has none.
 */
export declare class Variables {
    #private;
    constructor(defines: ReadonlyMap<string, string>, environment: (name: string) => string | undefined);
    define(name: string, value: string): void;
    undefine(name: string): void;
    isDefined(name: string): boolean;
    /** Replaces each ${NAME}, once: what comes out is not looked at again. */
    expand(text: string, report: ExpansionReport): string;
    /** Every defined name with its value, '' where it has none. */
    toMap(): ReadonlyMap<string, string>;
}
