/**
 * The words that this program understands: directives and feature sections from the features' tables, scope sections,
 * and what the parser carries out while it reads. Built once by the server from its list of tables.
 */

import { assert } from '../base/assert.js';
import type { DirectiveDefinition } from './directive.js';
import { nearestName } from './edit-distance.js';
import { canonicalModule } from './known-directives.js';
import { findScopeSection, SCOPE_SECTIONS, type SectionDefinition } from './section-definition.js';

/** Directives that the parser carries out while it reads; ServerRoot is left in the tree as well. */
export const READING_DIRECTIVES = [
  'Define',
  'UnDefine',
  'Include',
  'IncludeOptional',
  'ServerRoot',
  'LoadModule',
  'LoadFile',
  'Error',
] as const;

/** Sections that the parser carries out while it reads; none of them reaches the tree. */
export const READING_SECTIONS = ['IfDefine', 'IfModule', 'IfVersion', 'IfDirective', 'IfSection', 'IfFile'] as const;

/** Present whatever the tables say, because the parser does their work. */
const READING_MODULES = ['core', 'mod_so', 'mod_version'];

export class Vocabulary {
  readonly #directives = new Map<string, DirectiveDefinition>();
  readonly #sections = new Map<string, SectionDefinition>();
  readonly #modules = new Set<string>(READING_MODULES);

  /**
   * `modules` are further module names that IfModule shall find, for modules without directives.
   * Throws AssertionError where two tables claim one name.
   */
  constructor(
    tables: readonly (readonly DirectiveDefinition[])[],
    modules: readonly string[] = [],
    sections: readonly SectionDefinition[] = [],
  ) {
    for (const definition of tables.flat()) {
      const key = definition.name.toLowerCase();
      assert(!this.#directives.has(key), `directive ${definition.name} is defined once`);
      this.#directives.set(key, definition);
      if (definition.isModuleAbsent !== true) this.#modules.add(canonicalModule(definition.module));
    }
    for (const section of sections) {
      const key = section.name.toLowerCase();
      const taken = this.#sections.has(key) || findScopeSection(key) !== undefined;
      assert(!taken, `section ${section.name} is defined once`);
      this.#sections.set(key, section);
      this.#modules.add(canonicalModule(section.module));
    }
    for (const module of modules) this.#modules.add(canonicalModule(module));
  }

  /** The directive of this name, in any case. */
  find(name: string): DirectiveDefinition | undefined {
    return this.#directives.get(name.toLowerCase());
  }

  /** The feature section of this name, in any case. */
  findSection(name: string): SectionDefinition | undefined {
    return this.#sections.get(name.toLowerCase());
  }

  /** What <IfDirective> asks: carried out by a feature or by the parser. */
  hasDirective(name: string): boolean {
    return this.find(name) !== undefined || includesName(READING_DIRECTIVES, name);
  }

  /** What <IfSection> asks. */
  hasSection(name: string): boolean {
    return (
      this.findSection(name) !== undefined ||
      findScopeSection(name) !== undefined ||
      includesName(READING_SECTIONS, name)
    );
  }

  /** Whether a module is present, in any form of its name: `mod_wsgi.c`, `wsgi_module`, `mod_wsgi`, `wsgi`. */
  hasModule(name: string): boolean {
    return this.#modules.has(canonicalModule(name));
  }

  /** The directive whose name is nearest, if one is near. */
  nearest(name: string): string | undefined {
    return nearestName(name, [...this.directives()].map((definition) => definition.name).concat(READING_DIRECTIVES));
  }

  /** The section whose name is nearest, if one is near. */
  nearestSection(name: string): string | undefined {
    const names = [...SCOPE_SECTIONS, ...this.sections()].map((section): string => section.name);
    return nearestName(name, names.concat(READING_SECTIONS));
  }

  directives(): IterableIterator<DirectiveDefinition> {
    return this.#directives.values();
  }

  /** The feature sections; SCOPE_SECTIONS has the others. */
  sections(): IterableIterator<SectionDefinition> {
    return this.#sections.values();
  }

  /** Canonical names: 'core', 'mod_alias'. */
  modules(): IterableIterator<string> {
    return this.#modules.values();
  }
}

function includesName(names: readonly string[], name: string): boolean {
  const wanted = name.toLowerCase();
  return names.some((candidate) => candidate.toLowerCase() === wanted);
}
