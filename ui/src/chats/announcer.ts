import { t } from '$lib/i18n/i18n';
import type { App } from '$lib/state/app.svelte';

const SETTLE_MS = 400;

/** Tells a screen reader what came: many at once are counted, not read out one over the other. */
export class Announcer {
  readonly #app: App;
  #unspoken: string[] = [];
  #speaking: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  say(name: string, text: string): void {
    this.#unspoken.push(text);
    this.#speaking ??= setTimeout(() => this.#speak(name), SETTLE_MS);
  }

  stop(): void {
    clearTimeout(this.#speaking);
  }

  #speak(name: string): void {
    const [first = '', ...more] = this.#unspoken;
    this.#unspoken = [];
    this.#speaking = undefined;
    this.#app.speak(
      more.length === 0
        ? t('chat.said', { name, text: first })
        : t('chat.saidMany', { name, n: more.length + 1 }),
    );
  }
}
