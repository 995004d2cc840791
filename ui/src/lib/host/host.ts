import type { Arguments, CommandName, Event, Result } from '../model';

/** The seam to the node: everything the window knows comes through here. */
export interface Host {
  /** Runs a command of the node. Rejects with a {@link Failure}. */
  call<N extends CommandName>(name: N, ...args: Arguments<N>): Promise<Result<N>>;
  /** Follows the node's events; returns how to stop. */
  subscribe(on: (event: Event) => void): () => void;
  /** Asks for a place to write a file; null when the person changed their mind. */
  askSavePath(name: string): Promise<string | null>;
  /** Asks for a file to read; null when the person changed their mind. */
  askOpenPath(extensions: string[]): Promise<string | null>;
  /** Asks for a folder; null when the person changed their mind. */
  askFolder(): Promise<string | null>;
  /** Follows files that are dragged over the window; returns how to stop. */
  onDrop(on: (drop: Drop) => void): () => void;
  /** Puts a text where it can be pasted from; a secret stays out of clipboard histories. */
  copy(text: string, isSecret?: boolean): Promise<boolean>;
  /** Draws everything in the window larger or smaller; 1 is the usual size. */
  zoom(factor: number): Promise<void>;
  /** Closes the window for good, with or without the node going on. */
  closeWindow(how: 'keep' | 'quit'): Promise<void>;
  /** Tells which conversation is shown: what comes in it needs no announcement while it is. */
  lookAt(conversation: { network: string; peer: string } | null): Promise<void>;
  /**
   * Tells whether the app starts at login, after changing it if asked to; null where the system
   * has no such thing. Rejects with a {@link Failure}.
   */
  startAtLogin(on?: boolean): Promise<boolean | null>;
}

/** Files from outside over the window: they come, go away again, or are let go. */
export type Drop =
  { readonly kind: 'over' | 'gone' } | { readonly kind: 'drop'; readonly paths: readonly string[] };

/** Why a command failed: the code decides, the message explains. */
export class Failure extends Error {
  readonly code: string;
  readonly details: unknown;

  constructor(code: string, message: string, details?: unknown) {
    super(message);
    this.name = 'Failure';
    this.code = code;
    this.details = details;
  }

  /** Makes a failure of whatever was thrown. */
  static from(thrown: unknown): Failure {
    if (thrown instanceof Failure) return thrown;
    if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'message' in thrown) {
      const details = 'details' in thrown ? thrown.details : undefined;
      return new Failure(String(thrown.code), String(thrown.message), details);
    }
    return new Failure('internal', thrown instanceof Error ? thrown.message : String(thrown));
  }
}
