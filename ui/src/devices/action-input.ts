import type { Action, Field, Schema } from '$lib/thing-description';

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

/** The form as it begins. */
export function draftOf(
  action: Action,
  current: (name: string) => unknown = () => undefined,
): Draft {
  return Object.fromEntries(
    inputFields(action).map((field) => {
      const begins = beginningOf(field, current(field.name));
      return [field.name, field.schema.type === 'boolean' ? begins === true : String(begins ?? '')];
    }),
  );
}

/** What a field begins with: what the schema says, what the thing is now, or what is least. */
function beginningOf({ schema, isRequired }: Field, current: unknown): unknown {
  const { initial, choices, minimum, maximum } = schema;
  const said = initial ?? current ?? minimum ?? choices[0]?.value;
  if (said !== undefined || !isRequired) return said;
  return isNumber(schema) ? Math.min(0, maximum ?? 0) : undefined;
}

function isNumber(schema: Schema): boolean {
  return schema.type === 'number' || schema.type === 'integer';
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
