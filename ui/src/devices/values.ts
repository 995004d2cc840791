import { intlLocale, t } from '$lib/i18n/i18n';
import type { Field, Schema } from '$lib/thing-description';

const UNITS: Readonly<Record<string, string>> = {
  celsius: '°C',
  'degree celsius': '°C',
  degreecelsius: '°C',
  'om2:degreecelsius': '°C',
  fahrenheit: '°F',
  percent: '%',
  percentage: '%',
  'om2:percent': '%',
  kelvin: 'K',
  second: 's',
  seconds: 's',
  millisecond: 'ms',
  milliseconds: 'ms',
  minutes: 'min',
  watt: 'W',
  watts: 'W',
  volt: 'V',
  lux: 'lx',
  hectopascal: 'hPa',
  'kilowatt hour': 'kWh',
};

/** A unit as people write it. */
export function unitOf(schema: Schema): string {
  const unit = schema.unit ?? '';
  return UNITS[unit.toLowerCase()] ?? unit;
}

/** A value as a person reads it. */
export function valueText(schema: Schema, value: unknown): string {
  if (value === undefined || value === null) return t('prop.unknown');
  const choice = schema.choices.find((each) => each.value === value);
  if (choice) return choice.title;
  if (typeof value === 'boolean') return value ? t('prop.on') : t('prop.off');
  if (typeof value === 'number') return numberText(schema, value);
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** A number with as many decimals as its schema has, and its unit. */
export function numberText(schema: Schema, value: number): string {
  const digits = schema.type === 'integer' ? 0 : decimalsOf(schema.multipleOf);
  const text = new Intl.NumberFormat(intlLocale(), { maximumFractionDigits: digits }).format(value);
  const unit = unitOf(schema);
  return unit === '' ? text : `${text} ${unit}`;
}

function decimalsOf(step: number | undefined): number {
  if (step === undefined) return 1;
  const text = String(step);
  const dot = text.indexOf('.');
  return dot < 0 ? 0 : Math.min(4, text.length - dot - 1);
}

/** What a card shows of a thing: the switch, the level below it, and the reading that matters. */
export interface Face {
  readonly power?: Field;
  readonly level?: Field;
  readonly reading?: Field;
  readonly second?: Field;
}

/** Chooses the one thing that matters of the properties. */
export function faceOf(properties: readonly Field[]): Face {
  const power = properties.find((each) => each.schema.type === 'boolean' && !each.schema.readOnly);
  const numbers = properties.filter((each) => isNumber(each.schema));
  const level = numbers.find((each) => isDial(each.schema));
  const readings = properties.filter((each) => each.schema.readOnly && isShort(each.schema));
  const [reading, second] = readings.sort((a, b) => weight(b.schema) - weight(a.schema));
  return {
    ...(power ? { power } : {}),
    ...(level ? { level } : {}),
    ...(reading ? { reading } : {}),
    ...(second ? { second } : {}),
  };
}

function isNumber(schema: Schema): boolean {
  return schema.type === 'number' || schema.type === 'integer';
}

function isDial(schema: Schema): boolean {
  return !schema.readOnly && schema.minimum !== undefined && schema.maximum !== undefined;
}

function isShort(schema: Schema): boolean {
  return isNumber(schema) || schema.type === 'boolean' || schema.choices.length > 0;
}

function weight(schema: Schema): number {
  if (isNumber(schema)) return schema.unit ? 3 : 2;
  return schema.choices.length > 0 ? 1 : 0;
}
