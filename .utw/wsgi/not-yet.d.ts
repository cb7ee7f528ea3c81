/**
 * What the tables know and this build does not do. Nothing here is accepted in silence: the line is refused where
 * going without it could open a door or lose requests, else reported. Work that brings a behaviour deletes its line.
 * Options of WSGIDaemonProcess without effect are in daemon-settings.ts.
 */
import { type DirectiveDefinition } from '../conf/directive.js';
/** The directive as this build has it: refused or reported where it stands in the list above, else unchanged. */
export declare function notYet(definition: DirectiveDefinition): DirectiveDefinition;
