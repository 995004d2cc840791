import Cpu from '@lucide/svelte/icons/cpu';
import Fan from '@lucide/svelte/icons/fan';
import Lightbulb from '@lucide/svelte/icons/lightbulb';
import Lock from '@lucide/svelte/icons/lock-keyhole';
import Plug from '@lucide/svelte/icons/plug';
import Thermometer from '@lucide/svelte/icons/thermometer';
import ThermometerSun from '@lucide/svelte/icons/thermometer-sun';
import ToggleLeft from '@lucide/svelte/icons/toggle-left';
import type { Component } from 'svelte';
import type { Device } from '$lib/model';

// By semantic type first, and by the words of the title where a device names none.
const GLYPHS: readonly [RegExp, Component][] = [
  [/thermostat|heating/i, ThermometerSun],
  [/light|lamp|bulb/i, Lightbulb],
  [/lock|door/i, Lock],
  [/sensor|temperature|humidity/i, Thermometer],
  [/plug|socket|power/i, Plug],
  [/fan/i, Fan],
  [/switch|onoff/i, ToggleLeft],
];

/** The picture of a thing, by what it is. */
export function glyphOf(device: Pick<Device, 'types' | 'title'>): Component {
  for (const text of [...device.types, device.title]) {
    const found = GLYPHS.find(([pattern]) => pattern.test(text));
    if (found) return found[1];
  }
  return Cpu;
}
