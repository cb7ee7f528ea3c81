/** WSGIScriptAlias, WSGIScriptAliasMatch and WSGIImportScript: which scripts there are and where they run. */
import { type DirectiveDefinition } from '../conf/directive.js';
export declare const scriptAliasDirectives: readonly DirectiveDefinition[];
