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
