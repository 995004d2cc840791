/** Lets the newest value through at most once in `ms`, and the last one always. */
export class Throttle<T> {
  readonly #ms: number;
  readonly #send: (value: T) => void;
  #last = -Infinity;
  #waiting: { value: T } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ms: number, send: (value: T) => void) {
    this.#ms = ms;
    this.#send = send;
  }

  push(value: T): void {
    const wait = this.#last + this.#ms - Date.now();
    if (wait <= 0) return this.#fire(value);
    this.#waiting = { value };
    this.#timer ??= setTimeout(() => this.#flush(), wait);
  }

  /** Sends `value` now, whatever was waiting. */
  now(value: T): void {
    this.stop();
    this.#fire(value);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = null;
  }

  #flush(): void {
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) this.#fire(waiting.value);
  }

  #fire(value: T): void {
    this.#last = Date.now();
    this.#send(value);
  }
}
