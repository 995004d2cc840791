import { createContext } from 'svelte';
import type { Host } from '../host/host';
import { tMaybe } from '../i18n/i18n';
import type { Event } from '../model';
import { Route } from '../route.svelte';
import { Account } from './account.svelte';
import { Chats } from './chats.svelte';
import { Computers } from './computers.svelte';
import { Contacts } from './contacts.svelte';
import { Devices } from './devices.svelte';
import { Files } from './files.svelte';
import { gathered } from './gathered';
import { Gate } from './gate.svelte';
import { Groups } from './groups.svelte';
import { Invites } from './invites.svelte';
import { Networks } from './networks.svelte';
import { Panels } from './panels.svelte';
import { Practice } from './practice.svelte';
import { Settings } from './settings.svelte';
import { TheirComputers } from './their-computers.svelte';
import { Toasts } from './toasts.svelte';
import { Zoom } from './zoom.svelte';

/** Everything that the window knows, and the one place where events arrive. */
export class App {
  readonly host: Host;
  readonly route = new Route();
  readonly panels = new Panels();
  readonly toasts = new Toasts();
  readonly account: Account;
  readonly networks: Networks;
  readonly computers: Computers;
  readonly contacts: Contacts;
  readonly chats: Chats;
  readonly devices: Devices;
  readonly files: Files;
  readonly gate: Gate;
  readonly groups: Groups;
  readonly invites: Invites;
  readonly practice: Practice;
  readonly settings: Settings;
  readonly theirComputers: TheirComputers;
  readonly zoom: Zoom;
  #loadFailure = $state<unknown>(null);
  #spoken = $state('');
  #loading: Promise<void> | null = null;
  #isOld = false;
  // A list that is imported changes very many members at once.
  readonly #readContacts = gathered(() => this.contacts.load());

  constructor(host: Host) {
    this.host = host;
    this.account = new Account(host);
    this.networks = new Networks(host);
    this.computers = new Computers(host);
    this.contacts = new Contacts(host);
    this.chats = new Chats(host);
    this.devices = new Devices(host);
    this.files = new Files(host);
    this.gate = new Gate(host);
    this.groups = new Groups(host);
    this.invites = new Invites(host);
    this.practice = new Practice(host);
    this.settings = new Settings(host);
    this.theirComputers = new TheirComputers(host);
    this.zoom = new Zoom(host);
  }

  /** Why the first lists could not be read. */
  get loadFailure(): unknown {
    return this.#loadFailure;
  }

  /** What a screen reader should hear now. */
  get spoken(): string {
    return this.#spoken;
  }

  speak(text: string): void {
    this.#spoken = text;
  }

  /** Follows the node and reads what there is; returns how to stop. */
  start(): () => void {
    const stop = this.host.subscribe((event) => this.on(event));
    void this.zoom.restore().catch(() => undefined);
    void this.begin();
    return stop;
  }

  async begin(): Promise<void> {
    await this.account.load();
    if (this.account.isReady) await this.loadAll();
  }

  /** Reads everything anew; what is being read already is too old by then, and read once more. */
  async loadAll(): Promise<void> {
    this.#isOld = true;
    this.#loading ??= this.#readUntilNew().finally(() => {
      this.#loading = null;
    });
    await this.#loading;
  }

  async #readUntilNew(): Promise<void> {
    while (this.#isOld) {
      this.#isOld = false;
      await this.#readEverything();
    }
  }

  async #readEverything(): Promise<void> {
    try {
      await Promise.all([this.settings.load(), this.networks.load(), this.contacts.load()]);
      await Promise.all([
        this.chats.reload(),
        this.devices.load(),
        this.files.load(),
        this.gate.reload(),
        this.groups.load(),
        this.practice.load(),
        // Its page says itself when they cannot be read.
        this.computers.load().catch(() => undefined),
      ]);
      this.invites.reload();
      this.#loadFailure = null;
    } catch (thrown) {
      this.#loadFailure = thrown;
    }
  }

  /** Makes the practice network, if there is none yet, and shows it. */
  async practise(): Promise<void> {
    const network = await this.practice.start();
    await this.loadAll();
    this.networks.choose(network);
  }

  /** Removes the practice network with everything in it. */
  async endPractice(): Promise<void> {
    await this.practice.remove();
    await this.loadAll();
  }

  /** The name that a person is shown by in a network. */
  nameOf(network: string, peer: string): string {
    return this.knownName(network, peer) ?? shortKey(peer);
  }

  /** The name of a person, where they are or were known. */
  knownName(network: string, peer: string): string | undefined {
    if (peer === this.account.peer) return this.account.name;
    return (
      this.contacts.find(network, peer)?.name ??
      this.gate.memberName(network, peer) ??
      this.gate.formerName(network, peer) ??
      this.contacts.anywhere(peer)?.name
    );
  }

  on(event: Event): void {
    switch (event.type) {
      case 'account':
        return this.#onAccount(event.account);
      case 'network':
        this.practice.onNetwork(event);
        return this.networks.put(event.id, event.network);
      case 'contact':
        this.theirComputers.onContact(event);
        return this.contacts.onContact(event);
      case 'presence':
        return this.contacts.onPresence(event);
      case 'group':
        return this.groups.onGroup(event);
      case 'message':
        return this.chats.onMessage(event.message);
      case 'file':
        return this.files.put(event.file);
      case 'conversation':
        return this.chats.onConversation(event.conversation);
      case 'typing':
        return this.chats.typing.heard(event.network, event.peer, event.until);
      case 'member':
        return this.#onMember(event);
      case 'refused':
        return this.gate.onRefused(event.refused);
      case 'device':
        return this.devices.onDevice(event);
      case 'property':
        return this.devices.known(event.thing)?.onProperty(event);
      case 'action':
        return this.devices.known(event.thing)?.onAction(event);
      case 'device_event':
        return this.devices.known(event.thing)?.onEvent(event);
      case 'grant':
        return this.devices.onGrant(event);
      case 'link':
        return this.#onLink(event.link);
      case 'open':
        return this.open(event.network, event.peer);
      case 'notice':
        return this.#onNotice(event.code, event.text);
      case 'lagged':
        return void this.loadAll();
    }
  }

  /** Shows a conversation, in whichever network it is. */
  open(network: string, peer: string): void {
    this.networks.choose(network);
    this.route.go('chats', peer);
  }

  // Before there is an account a link can only be the one to another computer of this person.
  #onLink(link: string): void {
    if (this.account.status?.state === 'none' && link.startsWith('streembit:node/'))
      return this.account.give(link);
    this.panels.show({ kind: 'paste', link });
  }

  #onNotice(code: string, text: string): void {
    if (code === 'window_close_requested') return this.panels.show({ kind: 'closing' });
    const words = tMaybe(`notice.${code}`, text);
    if (code === 'knocking') return this.toasts.point(words, () => this.#goToRefused());
    if (code === 'stale_soon') return this.toasts.point(words, () => this.#goToStalest());
    this.toasts.say(words);
  }

  // The notice comes right behind the refusal that it is about.
  #goToRefused(): void {
    const newest = this.gate.newestRefusal;
    if (newest !== undefined) this.networks.choose(newest.network);
    this.route.go('network', 'refused');
  }

  #goToStalest(): void {
    const stalest = this.networks.stalest;
    if (stalest !== undefined) this.networks.choose(stalest.network);
    this.route.go('network', 'overview');
  }

  #onAccount(status: Extract<Event, { type: 'account' }>['account']): void {
    const wasReady = this.account.isReady;
    this.account.set(status);
    if (!wasReady && this.account.isReady) void this.loadAll();
    // A computer came or went.
    else if (this.account.isReady) void this.computers.load().catch(() => undefined);
  }

  #onMember(event: Extract<Event, { type: 'member' }>): void {
    this.gate.onMember(event);
    this.invites.onMember();
    this.#readContacts();
  }
}

/** A key shortened for tight places. */
export function shortKey(key: string): string {
  return key.length <= 12 ? key : `${key.slice(0, 6)}…${key.slice(-4)}`;
}

export const [useApp, provideApp] = createContext<App>();
