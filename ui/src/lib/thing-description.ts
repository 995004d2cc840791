/** The parts of a W3C Thing Description that controls are made from, read with care. */
export interface Schema {
  readonly type?: string | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly unit?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly multipleOf?: number | undefined;
  readonly choices: readonly Choice[];
  readonly types: readonly string[];
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly readOnly: boolean;
  readonly writeOnly: boolean;
  readonly fields: readonly Field[];
  readonly initial?: unknown;
}

export interface Choice {
  readonly value: unknown;
  readonly title: string;
}

export interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

export interface Action {
  readonly name: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly input: Schema | null;
}

export interface ThingEvent {
  readonly name: string;
  readonly title: string;
  readonly data: Schema | null;
}

export interface Description {
  readonly title: string;
  readonly description?: string | undefined;
  readonly types: readonly string[];
  readonly properties: readonly Field[];
  readonly actions: readonly Action[];
  readonly events: readonly ThingEvent[];
  readonly document: Json;
}

type Json = Record<string, unknown>;

const COLOUR_TYPES = new Set(['ColorProperty', 'ColorDisplay']);

/** Reads a Thing Description; whatever is missing or odd is left out. */
export function readDescription(document: Json): Description {
  return {
    title: text(document['title']) ?? '',
    description: text(document['description']),
    types: strings(document['@type']),
    properties: entries(document['properties']).map(([name, each]) => field(name, each, true)),
    actions: entries(document['actions']).map(([name, each]) => ({
      name,
      title: text(each['title']) ?? wordsOf(name),
      description: text(each['description']),
      input: isJson(each['input']) ? readSchema(each['input']) : null,
    })),
    events: entries(document['events']).map(([name, each]) => ({
      name,
      title: text(each['title']) ?? wordsOf(name),
      data: isJson(each['data']) ? readSchema(each['data']) : null,
    })),
    document,
  };
}

export function readSchema(json: Json): Schema {
  const required = strings(json['required']);
  return {
    type: text(json['type']),
    title: text(json['title']),
    description: text(json['description']),
    unit: text(json['unit']),
    minimum: number(json['minimum']),
    maximum: number(json['maximum']),
    multipleOf: number(json['multipleOf']),
    choices: choicesOf(json),
    types: strings(json['@type']),
    format: text(json['format']),
    pattern: text(json['pattern']),
    readOnly: json['readOnly'] === true,
    writeOnly: json['writeOnly'] === true,
    fields: entries(json['properties']).map(([name, each]) =>
      field(name, each, required.includes(name)),
    ),
    initial: json['default'],
  };
}

/** The control that fits a schema. */
export type Control = 'toggle' | 'slider' | 'number' | 'choice' | 'colour' | 'text' | 'read';

export function controlFor(name: string, schema: Schema): Control {
  if (schema.readOnly) return 'read';
  if (schema.choices.length > 0) return 'choice';
  if (schema.type === 'boolean') return 'toggle';
  if (schema.type === 'integer' || schema.type === 'number') {
    return schema.minimum !== undefined && schema.maximum !== undefined ? 'slider' : 'number';
  }
  if (schema.type === 'string') return isColour(name, schema) ? 'colour' : 'text';
  return 'read';
}

/** Whether a text is a colour such as `#ffcc00`. */
export function isColour(name: string, schema: Schema): boolean {
  if (schema.types.some((type) => COLOUR_TYPES.has(type)) || schema.format === 'color') return true;
  return /^\^?#/.test(schema.pattern ?? '') || /^colou?r$/i.test(name);
}

/** The step of a slider: what the description says, or what fits the kind of number. */
export function stepOf(schema: Schema): number {
  if (schema.multipleOf !== undefined && schema.multipleOf > 0) return schema.multipleOf;
  if (schema.type === 'integer') return 1;
  const span = (schema.maximum ?? 100) - (schema.minimum ?? 0);
  return span <= 1 ? 0.01 : span <= 20 ? 0.1 : 1;
}

/** A name such as `targetTemperature` as words: “Target temperature”. */
export function wordsOf(name: string): string {
  const words = name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function titleOf(field: Field): string {
  return field.schema.title ?? wordsOf(field.name);
}

function field(name: string, json: Json, isRequired: boolean): Field {
  return { name, schema: readSchema(json), isRequired };
}

function choicesOf(json: Json): Choice[] {
  if (Array.isArray(json['enum'])) {
    return json['enum'].map((value: unknown) => ({ value, title: wordsOf(String(value)) }));
  }
  if ('const' in json) return [{ value: json['const'], title: wordsOf(String(json['const'])) }];
  if (!Array.isArray(json['oneOf'])) return [];
  return json['oneOf']
    .filter(isJson)
    .filter((each) => 'const' in each)
    .map((each) => ({ value: each['const'], title: text(each['title']) ?? String(each['const']) }));
}

function entries(value: unknown): [string, Json][] {
  if (!isJson(value)) return [];
  return Object.entries(value).filter((pair): pair is [string, Json] => isJson(pair[1]));
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
