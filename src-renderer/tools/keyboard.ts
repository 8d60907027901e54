/** @file The page's one listener for keys. */
import type { App } from './app.ts';
import type { Command } from './command.ts';
import { commandFor, type FocusKind } from './key-match.ts';
import { tellFailure } from './queue.ts';
import { closeSheet, focus } from './view.ts';

export const isMac = (): boolean => /mac/i.test(navigator.platform);

const textTypes = new Set(['text', 'search', 'url', 'email', 'password', 'tel', 'number', 'date', 'time']);
const controls =
  'button, a[href], input, select, summary, [role=button], [role=option], [role=listbox], [role=menuitem], [role=tab], ' +
  '[role=slider], [role=switch], [role=checkbox], [role=radio], [role=separator], [role=treeitem], [role=row], [role=dialog]';

/** What has the focus. The canvas and the page itself use no keys of their own. */
export function focusKind(target: EventTarget | null): FocusKind {
  if (!(target instanceof Element)) return 'page';
  const field = target.closest('input, textarea, [contenteditable]:not([contenteditable=false])');
  if (field instanceof HTMLInputElement) return textTypes.has(field.type) ? 'text' : 'control';
  if (field) return 'text';
  return target.closest(controls) ? 'control' : 'page';
}

/** Listens until the answered function is called. */
export function listenToKeys(app: App, target: Window = window): () => void {
  /** Commands whose key is down and that want to know when it is let go. */
  const held = new Map<string, { readonly command: Command; readonly since: number }>();
  const mac = isMac();

  const down = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const kind = focusKind(event.target);
    if (event.code === 'Escape' && !event.isComposing && event.keyCode !== 229 && leave(app, kind)) {
      event.preventDefault();
      return;
    }
    const { settings, stage } = app.store.getState();
    const command = commandFor(event, kind, settings.keys, mac, stage);
    if (!command) return;
    event.preventDefault();
    if (command.release) held.set(event.code, { command, since: performance.now() });
    run(app, command);
  };
  const up = (event: KeyboardEvent) => {
    const entry = held.get(event.code);
    held.delete(event.code);
    entry?.command.release?.(app, performance.now() - entry.since);
  };
  // A key that is let go in another window never tells.
  const blur = () => {
    for (const { command, since } of held.values()) command.release?.(app, performance.now() - since);
    held.clear();
  };
  target.addEventListener('keydown', down);
  target.addEventListener('keyup', up);
  target.addEventListener('blur', blur);
  return () => {
    target.removeEventListener('keydown', down);
    target.removeEventListener('keyup', up);
    target.removeEventListener('blur', blur);
  };
}

/** Runs a command, as from a key or a button; what goes wrong is told. */
export function run(app: App, command: Command): void {
  Promise.resolve(command.run(app)).catch((thrown: unknown) => tellFailure(app, thrown));
}

/** Esc in a sheet closes it, in a field it goes back to the canvas. Says whether it was one of these. */
function leave(app: App, kind: FocusKind): boolean {
  if (kind !== 'text' && app.store.getState().sheet === null) return false;
  if (kind === 'text') focus(app, 'canvas');
  else closeSheet(app);
  return true;
}
