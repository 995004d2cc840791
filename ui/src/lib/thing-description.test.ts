import { expect, test } from 'vitest';
import { LAMP, LOCK, THERMOSTAT } from './host/fake/things';
import { controlFor, readDescription, stepOf, wordsOf } from './thing-description';

function controlsOf(document: Record<string, unknown>): Record<string, string> {
  const { properties } = readDescription(document);
  return Object.fromEntries(
    properties.map((each) => [each.name, controlFor(each.name, each.schema)]),
  );
}

test('finds the control that fits each property', () => {
  expect(controlsOf(LAMP)).toEqual({
    on: 'toggle',
    level: 'slider',
    colour: 'colour',
    temperature: 'read',
  });
  expect(controlsOf(THERMOSTAT)).toMatchObject({
    target: 'slider',
    mode: 'choice',
    heating: 'read',
  });
  expect(controlsOf(LOCK)).toMatchObject({ label: 'text', delay: 'number', sound: 'choice' });
});

test('reads choices from oneOf with their titles', () => {
  const { properties } = readDescription({
    properties: { fan: { type: 'integer', oneOf: [{ const: 1, title: 'Low' }, { const: 2 }] } },
  });

  expect(properties[0]?.schema.choices).toEqual([
    { value: 1, title: 'Low' },
    { value: 2, title: '2' },
  ]);
});

test('survives a description of the wrong shape', () => {
  const odd = readDescription({ title: 7, properties: [1], actions: null, events: 'x' });

  expect(odd).toMatchObject({ title: '', properties: [], actions: [], events: [] });
});

test('takes the step from the schema, and a sensible one otherwise', () => {
  const schema = (json: Record<string, unknown>) =>
    readDescription({ properties: { x: { type: 'number', ...json } } }).properties[0]?.schema;
  const step = (json: Record<string, unknown>) => {
    const found = schema(json);
    return found ? stepOf(found) : NaN;
  };

  expect(step({ multipleOf: 0.5 })).toBe(0.5);
  expect(step({ minimum: 0, maximum: 1 })).toBe(0.01);
  expect(step({ minimum: 0, maximum: 254 })).toBe(1);
});

test('makes words of names', () => {
  expect(wordsOf('targetTemperature')).toBe('Target temperature');
  expect(wordsOf('auto_lock')).toBe('Auto lock');
});
