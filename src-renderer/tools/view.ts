/** @file What is shown and how: tools, hiding, threshold, sheets, where the keyboard is. Nothing here is stored. */
import { dropHiddenSelection } from '../document/open.ts';
import type { FocusWish, SheetName, ToolName } from '../document/state.ts';
import type { App } from './app.ts';
import { writeSettings } from './settings.ts';

export function setTool({ store }: App, tool: ToolName): void {
  store.setState({ tool });
}

/** Diameter in image pixels; kept with the settings. */
export function setBrushSize(app: App, size: number): void {
  const brushSize = Math.min(2000, Math.max(1, Math.round(size)));
  if (brushSize !== app.store.getState().settings.brushSize) writeSettings(app, { brushSize });
}

/** Steps that feel alike at every size: a pixel for small brushes, a fifth for large ones. */
export function stepBrush(app: App, step: 1 | -1): void {
  const { brushSize } = app.store.getState().settings;
  setBrushSize(app, brushSize + step * Math.max(1, Math.round(brushSize / 5)));
}

export function setHidden({ store }: App, hidden: boolean): void {
  store.setState(({ view }) => ({ view: { ...view, hidden } }));
}

/** Hides pending proposals that score less. The selected one goes with them; its corrections stay. */
export function setThreshold({ store }: App, threshold: number): void {
  store.setState((state) =>
    dropHiddenSelection(
      { ...state, view: { ...state.view, threshold: Math.min(1, Math.max(0, threshold)) } },
      performance.now(),
    ),
  );
}

export function focus(app: App, place: FocusWish['place']): void {
  app.store.setState((state) => ({ focus: { place, count: state.focus.count + 1 } }));
  if (place === 'canvas') app.canvas.view?.focus();
}

export function openSheet({ store }: App, sheet: SheetName): void {
  store.setState({ sheet });
}

/** Opens a side sheet, or closes it where it is open. */
export function toggleSheet({ store }: App, name: SheetName): void {
  store.setState(({ sheet }) => ({ sheet: sheet === name ? null : name }));
}

export function closeSheet({ store }: App): void {
  store.setState({ sheet: null });
}
