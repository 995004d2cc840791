import { SvelteMap } from 'svelte/reactivity';
import type { Host } from '../host/host';
import { gathered } from './gathered';
import type {
  EventOf,
  Member,
  MemberRemoved,
  NetworkOperation,
  NetworkPeer,
  Refusal,
  Role,
} from '../model';

const PAGE = 50;

/** A member that was removed, and what that did. */
export interface Removal {
  readonly member: Member;
  readonly outcome: MemberRemoved;
}

/** Who may connect to each network, who is connected, and who was refused. */
export class Gate {
  readonly #host: Host;
  readonly #members = new SvelteMap<string, Member[]>();
  readonly #peers = new SvelteMap<string, NetworkPeer[]>();
  readonly #log = new SvelteMap<string, NetworkOperation[]>();
  readonly #hasEarlier = new SvelteMap<string, boolean>();
  readonly #readLogs = gathered(async () => {
    await Promise.allSettled([...this.#log.keys()].map((network) => this.loadLog(network)));
  });
  readonly #removals = new SvelteMap<string, Removal>();
  readonly #unseen = new SvelteMap<string, number>();
  #refusals = $state<Refusal[]>([]);

  constructor(host: Host) {
    this.#host = host;
  }

  members(network: string): readonly Member[] | undefined {
    return this.#members.get(network);
  }

  peers(network: string): readonly NetworkPeer[] | undefined {
    return this.#peers.get(network);
  }

  log(network: string): readonly NetworkOperation[] | undefined {
    return this.#log.get(network);
  }

  refusals(network: string): Refusal[] {
    return this.#refusals.filter((refusal) => refusal.network === network);
  }

  /** The refusal that was heard of last, in whichever network. */
  get newestRefusal(): Refusal | undefined {
    return this.#refusals[0];
  }

  /** Refusals in a network since the person last looked there. */
  unseen(network: string): number {
    return this.#unseen.get(network) ?? 0;
  }

  seen(network: string): void {
    this.#unseen.delete(network);
  }

  /** What the last removal in a network did, until it is put away. */
  removal(network: string): Removal | undefined {
    return this.#removals.get(network);
  }

  forgetRemoval(network: string): void {
    this.#removals.delete(network);
  }

  /** The name that somebody had when they were a member. */
  formerName(network: string, peer: string): string | undefined {
    const said = this.#log.get(network)?.find((each) => each.peer === peer && each.name);
    return said?.name ?? undefined;
  }

  memberName(network: string, peer: string): string | undefined {
    return this.#members.get(network)?.find((member) => member.peer === peer)?.name;
  }

  async loadMembers(network: string): Promise<void> {
    this.#members.set(network, order(await this.#host.call('members_list', { network })));
  }

  async loadPeers(network: string): Promise<void> {
    this.#peers.set(network, await this.#host.call('network_peers', { network }));
  }

  async loadLog(network: string): Promise<void> {
    const page = await this.#host.call('network_log', { network, limit: PAGE });
    const known = this.#log.get(network) ?? [];
    const joint = known.findIndex((each) => each.id === page.at(-1)?.id);
    // What was read of earlier times stays, where nothing lies between.
    this.#log.set(network, joint < 0 ? page : [...page, ...known.slice(joint + 1)]);
    if (joint < 0) this.#hasEarlier.set(network, page.length === PAGE);
  }

  /** Whether the log goes further back than what was read. */
  hasEarlierLog(network: string): boolean {
    return this.#hasEarlier.get(network) ?? false;
  }

  async loadEarlierLog(network: string): Promise<void> {
    const before = this.#log.get(network)?.at(-1)?.id;
    if (before === undefined) return;
    const page = await this.#host.call('network_log', { network, limit: PAGE, before });
    const known = this.#log.get(network) ?? [];
    if (known.at(-1)?.id !== before) return;
    this.#log.set(network, [...known, ...page]);
    this.#hasEarlier.set(network, page.length === PAGE);
  }

  /** Reads anew whatever was read before. */
  async reload(): Promise<void> {
    await this.loadRefusals();
    // A network that was left since has nothing to read any more.
    await Promise.allSettled([
      ...[...this.#members.keys()].map((network) => this.loadMembers(network)),
      ...[...this.#peers.keys()].map((network) => this.loadPeers(network)),
      ...[...this.#log.keys()].map((network) => this.loadLog(network)),
    ]);
  }

  async loadRefusals(): Promise<void> {
    this.#refusals = await this.#host.call('gate_log', { limit: 200 });
  }

  async add(network: string, peer: string, name: string, role: Role) {
    const added = await this.#host.call('member_add', { network, peer, name, role });
    this.#putMember(network, added.member);
    return added;
  }

  async remove(network: string, member: Member): Promise<void> {
    const { peer } = member;
    const outcome = await this.#host.call('member_remove', { network, peer });
    this.#removals.set(network, { member, outcome });
    this.#dropMember(network, peer);
  }

  async setRole(network: string, peer: string, role: Role): Promise<void> {
    this.#putMember(network, await this.#host.call('member_set_role', { network, peer, role }));
  }

  async link(network: string) {
    return this.#host.call('network_link', { network });
  }

  onMember(event: EventOf<'member'>): void {
    if (event.member === null) this.#dropMember(event.network, event.peer);
    else this.#putMember(event.network, event.member);
    if (this.#log.has(event.network)) this.#readLogs();
  }

  onRefused(refusal: Refusal): void {
    this.#refusals = [refusal, ...this.#refusals.filter((each) => each.id !== refusal.id)];
    this.#unseen.set(refusal.network, this.unseen(refusal.network) + 1);
  }

  #putMember(network: string, member: Member): void {
    const known = this.#members.get(network);
    if (known === undefined) return;
    const others = known.filter((each) => each.peer !== member.peer);
    this.#members.set(network, order([...others, member]));
  }

  #dropMember(network: string, peer: string): void {
    const known = this.#members.get(network);
    if (known)
      this.#members.set(
        network,
        known.filter((each) => each.peer !== peer),
      );
  }
}

function order(members: Member[]): Member[] {
  return [...members].sort((a, b) => a.name.localeCompare(b.name));
}
