import type { Member } from '$lib/model';

/** Members of one kind. */
export interface MemberGroup {
  readonly kind: 'people' | 'devices';
  readonly members: readonly Member[];
}

/** Whether a member is a machine rather than somebody. */
export function isMachine({ role }: Pick<Member, 'role'>): boolean {
  return role === 'device' || role === 'hub';
}

/** People first, beginning with oneself and the admins, then hubs and devices; no empty group. */
export function byKind(members: readonly Member[], me: string): MemberGroup[] {
  const rank = (member: Member) =>
    member.peer === me ? 0 : member.role === 'admin' || member.role === 'hub' ? 1 : 2;
  const sorted = [...members].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  const groups: MemberGroup[] = [
    { kind: 'people', members: sorted.filter((member) => !isMachine(member)) },
    { kind: 'devices', members: sorted.filter(isMachine) },
  ];
  return groups.filter((group) => group.members.length > 0);
}

/** The members whose name has what was typed in it, or whose key begins with it. */
export function matching(members: readonly Member[], typed: string): readonly Member[] {
  const wanted = typed.trim().toLocaleLowerCase();
  if (wanted === '') return members;
  return members.filter(
    ({ name, peer }) => name.toLocaleLowerCase().includes(wanted) || peer.startsWith(wanted),
  );
}

/** Whether `me` is the only admin, with others who would be left without one. */
export function isOnlyAdmin(members: readonly Member[], me: string): boolean {
  const admins = members.filter((member) => member.role === 'admin');
  return members.length > 1 && admins.length === 1 && admins[0]?.peer === me;
}

/** A key as it was typed, without the spaces that people put into it. */
export function typedKey(text: string): string {
  return text.replace(/\s/g, '').toLowerCase();
}

/** Whether a text is a whole key. */
export function isKey(text: string): boolean {
  return /^[a-z2-7]{52}$/.test(text);
}
