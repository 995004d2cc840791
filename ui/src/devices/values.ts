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
  if (typeof value === 'boolean') {
    if (schema.readOnly) return value ? t('prop.yes') : t('prop.no');
    return value ? t('prop.on') : t('prop.off');
  }
  if (typeof value === 'number') return numberText(schema, value);
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** Yes or no of a thing in its own words: “Locked”, “Not locked”. */
export function claimText(title: string, value: unknown): string {
  if (typeof value !== 'boolean') return t('prop.unknown');
  return value ? title : t('prop.not', { what: title.charAt(0).toLowerCase() + title.slice(1) });
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

/** What a card shows of a thing: the switch, the dial, and the readings that matter. */
export interface Face {
  readonly power: Field | undefined;
  readonly level: Field | undefined;
  readonly readings: readonly Field[];
}

const POWER_NAME = /^(on|power|enabled|active|switch|state|open)$/i;

/** Chooses what matters most of the properties: a lamp is on and so bright, a sensor has a value. */
export function faceOf(properties: readonly Field[]): Face {
  const power = properties.find(isPower);
  const level = properties.find((each) => isDial(each.schema));
  const readings = properties
    .filter((each) => each.schema.readOnly && isShort(each.schema))
    .sort((a, b) => weight(b.schema) - weight(a.schema));
  // A lamp's own temperature is not why anybody looks at a lamp.
  const isLamp = power !== undefined && level !== undefined;
  if (isLamp) return { power, level, readings: [] };
  const [first, second] = readings;
  const hasSecond = second !== undefined && level === undefined && isNumber(second.schema);
  return { power, level, readings: hasSecond ? readings.slice(0, 2) : first ? [first] : [] };
}

function isPower({ name, schema }: Field): boolean {
  if (schema.type !== 'boolean' || schema.readOnly) return false;
  return schema.types.includes('OnOffProperty') || POWER_NAME.test(name);
}

function isNumber(schema: Schema): boolean {
  return schema.type === 'number' || schema.type === 'integer';
}

function isDial(schema: Schema): boolean {
  const { minimum, maximum } = schema;
  return isNumber(schema) && !schema.readOnly && minimum !== undefined && maximum !== undefined;
}

function isShort(schema: Schema): boolean {
  return isNumber(schema) || schema.type === 'boolean' || schema.choices.length > 0;
}

// What has a unit says most; a choice says what state it is in; yes or no comes last.
function weight(schema: Schema): number {
  if (isNumber(schema)) return schema.unit ? 3 : 1;
  return schema.choices.length > 0 ? 2 : 0;
}
