import type { Action, Field } from '$lib/thing-description';

/** What was typed into the form of an action. */
export type Draft = Record<string, string | boolean>;

// The one field of an action whose input is a bare value.
const BARE = 'value';

/** The fields of an action's form. */
export function inputFields(action: Action): readonly Field[] {
  if (action.input === null) return [];
  if (action.input.type === 'object' || action.input.fields.length > 0) return action.input.fields;
  return [
    {
      name: BARE,
      schema: { ...action.input, title: action.input.title ?? action.title },
      isRequired: true,
    },
  ];
}

/** The form as it begins: the default, what the property of that name is now, or the least. */
export function draftOf(
  action: Action,
  current: (name: string) => unknown = () => undefined,
): Draft {
  return Object.fromEntries(
    inputFields(action).map(({ name, schema }) => {
      if (schema.type === 'boolean') return [name, schema.initial === true];
      const first = schema.choices[0]?.value;
      return [name, String(schema.initial ?? current(name) ?? first ?? schema.minimum ?? '')];
    }),
  );
}

/** The input that the form stands for; undefined where the action takes none. */
export function inputOf(action: Action, draft: Draft): unknown {
  if (action.input === null) return undefined;
  const fields = inputFields(action);
  const values = fields
    .map((field) => [field.name, valueOf(field, draft[field.name])] as const)
    .filter(([, value]) => value !== undefined);
  if (fields.length === 1 && action.input.fields.length === 0) return values[0]?.[1];
  return Object.fromEntries(values);
}

function valueOf(field: Field, typed: string | boolean | undefined): unknown {
  if (typed === undefined || typed === '') return undefined;
  if (typeof typed === 'boolean') return typed;
  const choice = field.schema.choices.find((each) => String(each.value) === typed);
  if (choice) return choice.value;
  return field.schema.type === 'string' ? typed : Number(typed);
}
