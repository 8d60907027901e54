/** @file Opening a side sheet from a button that does not close it. */
import type { SheetName } from '../../document/state.ts';
import type { App } from '../../tools/app.ts';
import { toggleSheet } from '../../tools/view.ts';

export function openSheet(app: App, name: SheetName): void {
  if (app.store.getState().sheet !== name) toggleSheet(app, name);
}
