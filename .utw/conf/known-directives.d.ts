/**
 * What the program knows of directives it does not have: names of Apache and mod_wsgi, names that mod_wsgi dropped, and
 * names that were replaced. The resolver turns it into messages; the parser asks it about LoadModule.
 */
/** The module of Apache or mod_wsgi that a directive or section belongs to. */
export declare function findKnownModule(name: string): string | undefined;
/** Why a directive that mod_wsgi once had is gone, or undefined. */
export declare function findRemoved(name: string): string | undefined;
/** Today's name of a directive that was renamed, or undefined. */
export declare function findRenamed(name: string): string | undefined;
/** Whether Apache's distribution (or mod_wsgi) has the module; takes the canonical name. */
export declare function isKnownModule(module: string): boolean;
/**
 * One name for the forms in which configurations name a module: `wsgi_module` (LoadModule, IfModule), `mod_wsgi.c`
 * (IfModule), `mod_wsgi` and `wsgi` all give `mod_wsgi`.
 */
export declare function canonicalModule(text: string): string;
/** Whether Apache itself takes this form in IfModule: a source file or an identifier. */
export declare function isApacheModuleForm(text: string): boolean;
