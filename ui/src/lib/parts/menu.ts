import type { Component } from 'svelte';

/** One act of a menu. */
export interface Item {
  title: string;
  icon?: Component | undefined;
  isDanger?: boolean;
  testid?: string;
  run: () => void;
}
