import { t } from '$lib/i18n/i18n';
import { relativeTime } from '$lib/i18n/time';
import type { Device, PropertyState } from '$lib/model';
import { clock } from '$lib/state/clock.svelte';

const STALE_MS = 10 * 60_000;

/** Why a device does not answer, and since when. */
export function offlineReason(device: Device): string {
  if (device.state === 'unclaimed') return t('device.unclaimed');
  const since = device.last_seen
    ? t('device.offlineSince', { when: relativeTime(device.last_seen, clock.now) })
    : t('device.offlineNever');
  return device.reason ? `${since}: ${device.reason}` : since;
}

/** Whether a value is waited for: asked for, and not what the device reports. */
export function isPending(state: PropertyState | undefined): boolean {
  return state !== undefined && state.target !== undefined && state.target !== null;
}

/** Whether a value is so old that its age belongs beside it. */
export function isStale(state: PropertyState | undefined, isOnline: boolean): boolean {
  return state !== undefined && !isOnline && clock.now - state.at > STALE_MS;
}
