import type { PropertyState } from '../../model';

type Json = Record<string, unknown>;

const BASE = {
  '@context': 'https://www.w3.org/2022/wot/td/v1.1',
  securityDefinitions: { grant: { scheme: 'sb:grant' } },
  security: 'grant',
};

export const LAMP: Json = {
  ...BASE,
  '@type': ['Light', 'OnOffSwitch', 'ColorControl'],
  title: 'Reading lamp',
  properties: {
    on: { type: 'boolean', title: 'On', '@type': 'OnOffProperty', observable: true },
    level: { type: 'integer', title: 'Brightness', unit: 'percent', minimum: 0, maximum: 100 },
    colour: {
      type: 'string',
      title: 'Colour',
      '@type': 'ColorProperty',
      pattern: '^#[0-9a-f]{6}$',
    },
    temperature: {
      type: 'number',
      title: 'Board temperature',
      unit: 'degree celsius',
      readOnly: true,
    },
  },
  actions: {
    fade: {
      title: 'Fade',
      description: 'Changes the brightness slowly.',
      input: {
        type: 'object',
        required: ['level'],
        properties: {
          level: {
            type: 'integer',
            title: 'Brightness',
            unit: 'percent',
            minimum: 0,
            maximum: 100,
            default: 30,
          },
          duration: {
            type: 'integer',
            title: 'Time',
            unit: 'seconds',
            minimum: 1,
            maximum: 600,
            default: 5,
          },
        },
      },
    },
    blink: { title: 'Blink', description: 'Twice, to find it.' },
  },
  events: { overheated: { title: 'Overheated', data: { type: 'number', unit: 'degree celsius' } } },
};

export const THERMOSTAT: Json = {
  ...BASE,
  '@type': ['Thermostat'],
  title: 'Heating',
  properties: {
    temperature: {
      type: 'number',
      title: 'Temperature',
      unit: 'degree celsius',
      readOnly: true,
      multipleOf: 0.1,
    },
    target: {
      type: 'number',
      title: 'Set to',
      unit: 'degree celsius',
      minimum: 5,
      maximum: 30,
      multipleOf: 0.5,
    },
    mode: { type: 'string', title: 'Mode', enum: ['off', 'heat', 'eco'] },
    heating: { type: 'boolean', title: 'Heating now', readOnly: true },
  },
  actions: {
    boost: {
      title: 'Boost',
      description: 'Full heat for a while.',
      input: { type: 'integer', unit: 'minutes', minimum: 5, maximum: 60, default: 15 },
    },
  },
  events: { windowOpen: { title: 'Window open' } },
};

export const SENSOR: Json = {
  ...BASE,
  '@type': ['TemperatureSensor', 'HumiditySensor'],
  title: 'Balcony',
  properties: {
    temperature: {
      type: 'number',
      title: 'Temperature',
      unit: 'degree celsius',
      readOnly: true,
      multipleOf: 0.1,
    },
    humidity: { type: 'number', title: 'Humidity', unit: 'percent', readOnly: true, multipleOf: 1 },
    battery: { type: 'integer', title: 'Battery', unit: 'percent', readOnly: true },
  },
};

export const LOCK: Json = {
  ...BASE,
  '@type': ['Lock'],
  title: 'Front door',
  properties: {
    state: {
      type: 'string',
      title: 'Bolt',
      enum: ['locked', 'unlocked', 'jammed'],
      readOnly: true,
    },
    autoLock: { type: 'boolean', title: 'Lock by itself' },
    label: { type: 'string', title: 'Label on the keypad', maxLength: 20 },
    delay: { type: 'integer', title: 'Lock after', unit: 'seconds', minimum: 5 },
    sound: { type: 'string', title: 'Sound', enum: ['none', 'click', 'chime', 'bell', 'birdsong'] },
  },
  actions: { lock: { title: 'Lock' }, unlock: { title: 'Unlock' } },
  events: { jammed: { title: 'Jammed' } },
};

/** The values that a described thing begins with. */
export function initialValues(values: Json, at: number): Map<string, PropertyState> {
  return new Map(Object.entries(values).map(([name, reported]) => [name, { reported, at }]));
}
