import type { Host } from '../host/host';
import { Failure } from '../host/host';
import type { AccountStatus, KeyStore } from '../model';

/** Whose window this is, and whether its keys can be used. */
export class Account {
  readonly #host: Host;
  #status = $state<AccountStatus | null>(null);
  #failure = $state<Failure | null>(null);
  #wasNone = $state(false);
  #linkGiven = $state<string>();

  constructor(host: Host) {
    this.#host = host;
  }

  get status(): AccountStatus | null {
    return this.#status;
  }

  /** Why the status itself could not be read. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** Whether this window has seen the folder without an account. */
  get wasNone(): boolean {
    return this.#wasNone;
  }

  /** A link to another computer of this person that was opened and said yes to. */
  get linkGiven(): string | undefined {
    return this.#linkGiven;
  }

  give(link: string): void {
    this.#linkGiven = link;
  }

  get isReady(): boolean {
    return this.#status?.state === 'ready';
  }

  get peer(): string {
    return this.#status?.peer ?? '';
  }

  get name(): string {
    return this.#status?.name ?? '';
  }

  async load(): Promise<void> {
    try {
      this.set(await this.#host.call('account_status'));
      this.#failure = null;
    } catch (thrown) {
      this.#failure = Failure.from(thrown);
    }
  }

  set(status: AccountStatus): void {
    this.#status = status;
    if (status.state === 'none') this.#wasNone = true;
  }

  /** Creates the account and returns the 24 words. */
  async create(name: string, store?: { kind: KeyStore; passphrase: string }): Promise<string[]> {
    const args = store ? { name, key_store: store.kind, passphrase: store.passphrase } : { name };
    const created = await this.#host.call('account_create', args);
    await this.load();
    return created.phrase.split(/\s+/);
  }

  async unlock(passphrase: string): Promise<void> {
    this.#status = await this.#host.call('account_unlock', { passphrase });
  }

  async rename(name: string): Promise<void> {
    this.#status = await this.#host.call('account_rename', { name });
  }

  async words(): Promise<string[]> {
    const { phrase } = await this.#host.call('account_phrase');
    return phrase.split(/\s+/);
  }

  /** Takes the account off this computer; the others keep it. */
  async unlink(confirm: string): Promise<void> {
    await this.#host.call('account_unlink', { confirm });
    await this.load();
  }

  async remove(confirm: string): Promise<void> {
    await this.#host.call('account_delete', { confirm });
    await this.load();
  }
}
