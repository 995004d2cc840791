/** What a catalogue holds: plain texts, and texts that depend on a count. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}

export type Text = string | Plural;

type Names<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

type NamesOf<T> = T extends string
  ? Names<T>
  : T extends Plural
    ? Names<T['one']> | Names<T['other']> | 'n'
    : never;

/** The values that a text needs, read from its placeholders. */
export type Values<T> = [NamesOf<T>] extends [never]
  ? []
  : [values: Record<NamesOf<T>, string | number>];
