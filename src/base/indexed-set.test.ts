import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type IndexedMember, IndexedSet } from './indexed-set.js';

class Member implements IndexedMember {
  setIndex = -1;
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

function setOf(names: string): { set: IndexedSet<Member>; members: Record<string, Member>; list: () => string } {
  const set = new IndexedSet<Member>();
  const members: Record<string, Member> = {};
  for (const name of names) {
    members[name] = new Member(name);
    set.add(members[name]);
  }
  const list = (): string => {
    const found: string[] = [];
    set.visit(({ name }) => found.push(name));
    return found.sort().join('');
  };
  return { set, members, list };
}

describe('IndexedSet', () => {
  it('has what was put in and not taken out', () => {
    const { list, members, set } = setOf('abcd');
    const { a, b, d } = members;
    assert.ok(a && b && d);
    set.delete(b);
    assert.equal(list(), 'acd');
    set.delete(b);
    assert.equal(set.size, 3);
    set.delete(d);
    set.delete(a);
    assert.equal(list(), 'c');
    set.add(b);
    assert.equal(list(), 'bc');
  });

  it('visits each once that was in it, whoever leaves meanwhile by itself', () => {
    const { list, set } = setOf('abcde');
    const visited: string[] = [];
    set.visit((member) => {
      visited.push(member.name);
      if (member.name !== 'c') set.delete(member);
      set.add(new Member('x'));
    });
    assert.equal(visited.sort().join(''), 'abcde');
    assert.equal(list(), 'cxxxxx');
  });
});
