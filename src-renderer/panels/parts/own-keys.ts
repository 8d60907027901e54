/**
 * @file Keys that belong to what is open over the work: menus, popovers, lists of a field, side sheets. Without this a
 * letter in a menu, or the Esc that closes it, would decide on a mask as well.
 */
import type { KeyboardEvent } from 'react';

/** Keys that mean the same everywhere: F1 and the like, and those with Ctrl or Cmd. */
const isGlobal = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean => ctrlKey || metaKey || /^F\d+$/.test(key);

/** Whether the key is pressed in something that is open over `event.currentTarget`, or in a field whose list is open. */
export function isInPopup({ currentTarget, target }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  // What is open over the page is a child of the body; React tells its events to where it was made.
  return !currentTarget.contains(target) || target.getAttribute('aria-expanded') === 'true';
}

/** Keeps a key from the commands of the work. */
export function keepKey(event: KeyboardEvent): void {
  if (!isGlobal(event)) event.stopPropagation();
}

/** For the element around the work: keys in popups stay there. */
export function keepKeysInPopups(event: KeyboardEvent): void {
  if (isInPopup(event)) keepKey(event);
}
