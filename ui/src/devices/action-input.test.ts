import { expect, test } from 'vitest';
import { LAMP, THERMOSTAT } from '$lib/host/fake/things';
import { readDescription } from '$lib/thing-description';
import { draftOf, inputFields, inputOf } from './action-input';
import { faceOf } from './values';

function action(document: Record<string, unknown>, name: string) {
  const found = readDescription(document).actions.find((each) => each.name === name);
  if (!found) throw new Error(`there is an action ${name}`);
  return found;
}

test('begins a form with the defaults and gives an object back', () => {
  const fade = action(LAMP, 'fade');

  expect(draftOf(fade)).toEqual({ level: '30', duration: '5' });
  expect(inputOf(fade, { level: '80', duration: '' })).toEqual({ level: 80 });
});

test('begins every field that must be filled with something that is allowed', () => {
  const document = {
    actions: {
      move: {
        input: {
          type: 'object',
          required: ['seconds', 'offset', 'unit', 'curve', 'word'],
          properties: {
            seconds: { type: 'number', minimum: 1, maximum: 600 },
            offset: { type: 'integer', maximum: -5 },
            unit: { const: 'percent' },
            curve: { type: 'string', enum: ['even', 'soft'] },
            word: { type: 'string' },
            later: { type: 'number' },
            level: { type: 'integer', minimum: 0, maximum: 100 },
          },
        },
      },
    },
  };
  const now = (name: string) => (name === 'level' ? 70 : undefined);

  expect(draftOf(action(document, 'move'), now)).toEqual({
    seconds: '1',
    offset: '-5',
    unit: 'percent',
    curve: 'even',
    word: '',
    later: '',
    level: '70',
  });
});

test('asks for a bare value where the action takes one', () => {
  const boost = action(THERMOSTAT, 'boost');

  expect(inputFields(boost)).toHaveLength(1);
  expect(inputOf(boost, { value: '20' })).toBe(20);
});

test('takes no input where there is none', () => {
  expect(inputOf(action(LAMP, 'blink'), {})).toBeUndefined();
});

test('shows of a lamp its switch and brightness, of a thermostat its temperature and dial', () => {
  const lamp = faceOf(readDescription(LAMP).properties);
  const heating = faceOf(readDescription(THERMOSTAT).properties);

  expect([lamp.power?.name, lamp.level?.name, lamp.readings.length]).toEqual(['on', 'level', 0]);
  expect([heating.level?.name, heating.readings[0]?.name]).toEqual(['target', 'temperature']);
});
