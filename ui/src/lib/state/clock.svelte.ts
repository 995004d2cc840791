const TICK_MS = 15_000;

/** The time that relative times are told by; moves every quarter of a minute. */
class Clock {
  #now = $state(Date.now());

  get now(): number {
    return this.#now;
  }

  /** Starts the clock; returns how to stop it. */
  start(): () => void {
    this.#now = Date.now();
    const timer = setInterval(() => {
      this.#now = Date.now();
    }, TICK_MS);
    return () => clearInterval(timer);
  }
}

export const clock = new Clock();
