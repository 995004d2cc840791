import { copyText } from '../parts/copy';
import type { Arguments, CommandName, Event, Result } from '../model';
import { commandsOf, type Handlers } from './fake/commands';
import { SCENES } from './fake/scenes';
import { emptyWorld, type World } from './fake/world';
import { type Drop, Failure, type Host } from './host';

/**
 * A pretended node for developing and for tests. It is never part of the app: only a
 * development server or a test loads it.
 */
export class FakeHost implements Host {
  readonly world: World;
  readonly calls: { name: CommandName; args: unknown }[] = [];
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #droppers = new Set<(drop: Drop) => void>();
  readonly #handlers: Handlers;
  delayMs = 0;
  lookedAt: { network: string; peer: string } | null = null;
  startsAtLogin = false;

  constructor(world: World) {
    this.world = world;
    this.#handlers = commandsOf(world, (event) => this.emit(event));
  }

  static fromAddress(address: { search: string }): FakeHost {
    const scene = new URLSearchParams(address.search).get('scene') ?? 'full';
    const host = new FakeHost((SCENES[scene] ?? emptyWorld)());
    host.delayMs = 40;
    return host;
  }

  async call<N extends CommandName>(name: N, ...args: Arguments<N>): Promise<Result<N>> {
    this.calls.push({ name, args: args[0] });
    if (this.delayMs > 0) await new Promise((done) => setTimeout(done, this.delayMs));
    const code = this.world.failing.get(name);
    if (code !== undefined) throw new Failure(code, MESSAGES[code] ?? '');
    const handler = this.#handlers[name];
    if (handler === undefined) throw new Failure('unknown_command', `there is no command ${name}`);
    return structuredClone(await handler(...args));
  }

  subscribe(on: (event: Event) => void): () => void {
    this.#listeners.add(on);
    return () => this.#listeners.delete(on);
  }

  emit(event: Event): void {
    for (const on of this.#listeners) on(structuredClone(event));
  }

  askSavePath(name: string): Promise<string> {
    return Promise.resolve(`/home/alice/${name}`);
  }

  askOpenPath(): Promise<string> {
    return Promise.resolve('/home/alice/home.toml');
  }

  askFolder(): Promise<string> {
    return Promise.resolve('/home/alice/From friends');
  }

  onDrop(on: (drop: Drop) => void): () => void {
    this.#droppers.add(on);
    return () => this.#droppers.delete(on);
  }

  drop(drop: Drop): void {
    for (const on of this.#droppers) on(drop);
  }

  copy(text: string): Promise<boolean> {
    return copyText(text);
  }

  zoom(factor: number): Promise<void> {
    document.documentElement.style.zoom = String(factor);
    return Promise.resolve();
  }

  closeWindow(): Promise<void> {
    return Promise.resolve();
  }

  lookAt(conversation: { network: string; peer: string } | null): Promise<void> {
    this.lookedAt = conversation;
    return Promise.resolve();
  }

  startAtLogin(on?: boolean): Promise<boolean> {
    const code = this.world.failing.get('login_start');
    if (code !== undefined && on !== undefined)
      return Promise.reject(new Failure(code, MESSAGES[code] ?? ''));
    this.startsAtLogin = on ?? this.startsAtLogin;
    return Promise.resolve(this.startsAtLogin);
  }
}

const MESSAGES: Readonly<Record<string, string>> = {
  keyring: 'no keyring answered: start one (for example gnome-keyring) or choose a passphrase file',
  storage: 'the disk is full: make room, and nothing that was stored is lost',
  unreachable: 'the device did not answer at any of its addresses',
  denied: 'these words are not the recovery words of this network',
  timeout: 'the device did not answer within 30 seconds',
};
