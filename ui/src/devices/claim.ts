import type { Failure } from '$lib/host/host';
import { tMaybe } from '$lib/i18n/i18n';
import { explain } from '$lib/state/toasts.svelte';

export const CLAIM_STEPS = ['read', 'reach', 'own', 'meet'] as const;
export type ClaimStep = (typeof CLAIM_STEPS)[number];

/** The step at which a claim ended, from how far this window saw it and what the node said. */
export function failedStep(step: ClaimStep | null, code: string): ClaimStep {
  if (step === null || step === 'read') return 'read';
  if (code === 'unreachable' || code === 'timeout' || code === 'expired') return 'reach';
  return 'own';
}

const UNCERTAIN = new Set(['timeout', 'internal', 'not_running']);

/** Whether it is certain that a failed claim changed nothing. */
export function isUntouched(failure: Failure): boolean {
  return !UNCERTAIN.has(failure.code);
}

/** What happened and what to do, for a claim that failed. */
export function remedyOf(failure: Failure): string {
  return tMaybe(`claim.fail.${failure.code}`, explain(failure));
}
