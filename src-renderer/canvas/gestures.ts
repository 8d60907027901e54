/**
 * @file Pointer, wheel and Space on the host element as gestures. It decides what a movement means; what follows from it
 * is the caller's. Screen points are CSS pixels in the host element.
 */
import type { CanvasTool, Modifiers } from './types.ts';
import type { At } from './viewport.ts';

export type GestureTarget = {
  readonly tool: () => CanvasTool;
  /** A button went down where only a click is meant: `label` 1 for the left, 0 for the right one. */
  readonly onPress: (at: At, label: 0 | 1, modifiers: Modifiers) => void;
  readonly onPick: (at: At, modifiers: Modifiers) => void;
  readonly onBoxDrag: (from: At, to: At) => void;
  readonly onBoxEnd: (from: At, to: At, modifiers: Modifiers) => void;
  readonly onStrokeBegin: (at: At, erases: boolean) => void;
  readonly onStrokeMove: (to: readonly At[]) => void;
  readonly onStrokeEnd: () => void;
  /** `dx` from where the drag began. */
  readonly onBrushDrag: (dx: number, isFirst: boolean) => void;
  readonly onPan: (dx: number, dy: number) => void;
  readonly onZoom: (factor: number, at: At) => void;
  /** The pointer without a button; null when it left. `isOpposite`: Ctrl is held. */
  readonly onHover: (at: At | null, isOpposite: boolean) => void;
  /** What was begun is dropped. */
  readonly onCancel: () => void;
  /** A name of CSS's cursor property. */
  readonly onCursorStyle: (cursor: string) => void;
};

type Drag = {
  readonly kind: 'pan' | 'maybe-pan' | 'box' | 'stroke' | 'brush' | 'pick' | 'press';
  readonly pointer: number;
  readonly from: At;
  last: At;
  /** Moved by more than a hand shakes on a click. */
  moved: boolean;
};

/** CSS pixels that a click may move. */
export const dragThreshold = 3;

export type Gestures = { readonly toolChanged: () => void; readonly cancel: () => boolean; readonly stop: () => void };

export function listen(host: HTMLElement, target: GestureTarget): Gestures {
  let drag: Drag | null = null;
  let spaceHeld = false;
  let inside = false;
  const listeners = new AbortController();
  const { signal } = listeners;

  const place = (event: MouseEvent, bounds = host.getBoundingClientRect()): At => ({
    x: event.clientX - bounds.left - host.clientLeft,
    y: event.clientY - bounds.top - host.clientTop,
  });
  const cursor = () => {
    const tool = target.tool();
    if (drag?.kind === 'pan') target.onCursorStyle('grabbing');
    else if (spaceHeld || tool === 'pan') target.onCursorStyle('grab');
    else target.onCursorStyle(tool === 'point' || tool === 'box' ? 'crosshair' : 'none');
  };
  const finish = () => {
    drag = null;
    cursor();
  };
  const cancel = () => {
    if (drag === null) return false;
    const wasUnderWay = drag.kind !== 'press' && drag.kind !== 'pick';
    finish();
    target.onCancel();
    return wasUnderWay;
  };

  const down = (event: PointerEvent) => {
    host.focus({ preventScroll: true });
    if (drag !== null) return; // a second button while the first is held
    const at = place(event);
    const kind = kindOf(event, target.tool(), spaceHeld);
    if (kind === null) return;
    event.preventDefault(); // the middle button's scrolling, text selection
    host.setPointerCapture(event.pointerId);
    drag = { kind, pointer: event.pointerId, from: at, last: at, moved: false };
    if (kind === 'press') target.onPress(at, event.button === 2 ? 0 : 1, modifiersOf(event));
    if (kind === 'stroke') target.onStrokeBegin(at, (target.tool() === 'eraser') !== event.ctrlKey);
    if (kind === 'brush') target.onBrushDrag(0, true);
    cursor();
  };
  const move = (event: PointerEvent) => {
    const bounds = host.getBoundingClientRect();
    const at = place(event, bounds);
    if (drag === null || drag.pointer !== event.pointerId) {
      if (drag === null) target.onHover(at, event.ctrlKey);
      return;
    }
    if (!drag.moved && Math.hypot(at.x - drag.from.x, at.y - drag.from.y) >= dragThreshold) drag.moved = true;
    switch (drag.kind) {
      case 'stroke': {
        const passed = event.getCoalescedEvents().map((each) => place(each, bounds));
        target.onStrokeMove(passed.length === 0 ? [at] : passed);
        target.onHover(at, event.ctrlKey);
        break;
      }
      case 'maybe-pan':
        if (!drag.moved) return;
        drag = { ...drag, kind: 'pan' };
        cursor();
        target.onPan(at.x - drag.last.x, at.y - drag.last.y);
        break;
      case 'pan':
        target.onPan(at.x - drag.last.x, at.y - drag.last.y);
        break;
      case 'box':
        if (drag.moved) target.onBoxDrag(drag.from, at);
        break;
      case 'brush':
        target.onBrushDrag(at.x - drag.from.x, false);
        break;
      default:
        return;
    }
    drag.last = at;
  };
  const up = (event: PointerEvent) => {
    if (drag === null || drag.pointer !== event.pointerId) return;
    const { kind, from, moved } = drag;
    const at = place(event);
    const modifiers = modifiersOf(event);
    finish();
    if (kind === 'stroke') target.onStrokeEnd();
    if (kind === 'pick' || kind === 'maybe-pan') target.onPick(from, modifiers);
    if (kind === 'box' && moved) target.onBoxEnd(from, at, modifiers);
    else if (kind === 'box') target.onPress(from, 1, modifiers);
    target.onHover(at, event.ctrlKey);
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    target.onZoom(wheelFactor(event), place(event));
  };
  const key = (event: KeyboardEvent) => {
    if (event.code !== 'Space') return;
    if (event.type === 'keydown') {
      // Over the image Space pans, also when a button that was clicked before has the focus.
      if (isTextField(event.target) || !(inside || document.activeElement === host)) return;
      spaceHeld = true;
    } else if (spaceHeld) spaceHeld = false;
    else return;
    event.preventDefault(); // the page would scroll, the button would be pressed
    cursor();
  };
  const released = () => {
    spaceHeld = false;
    cancel();
    cursor();
  };

  host.addEventListener('pointerdown', down, { signal });
  host.addEventListener('pointermove', move, { signal });
  host.addEventListener('pointerup', up, { signal });
  host.addEventListener('pointercancel', cancel, { signal });
  host.addEventListener(
    'pointerenter',
    () => {
      inside = true;
    },
    { signal },
  );
  host.addEventListener(
    'pointerleave',
    () => {
      inside = false;
      if (drag === null) target.onHover(null, false);
    },
    { signal },
  );
  host.addEventListener('wheel', wheel, { signal, passive: false });
  host.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  window.addEventListener('keydown', key, { signal });
  window.addEventListener('keyup', key, { signal });
  window.addEventListener('blur', released, { signal });
  cursor();
  return { toolChanged: cursor, cancel, stop: () => listeners.abort() };
}

/** What a button begins; null: nothing. */
export function kindOf(
  event: { readonly button: number; readonly altKey: boolean },
  tool: CanvasTool,
  spaceHeld: boolean,
): Drag['kind'] | null {
  const { button, altKey } = event;
  const paints = tool === 'brush' || tool === 'eraser';
  if (button === 1 || (button === 0 && spaceHeld)) return 'pan';
  if (button === 2) {
    if (paints) return altKey ? 'brush' : null;
    return tool === 'pan' ? null : 'press';
  }
  if (button !== 0) return null;
  if (altKey) return 'pick';
  if (paints) return 'stroke';
  if (tool === 'pan') return 'maybe-pan';
  return tool === 'box' ? 'box' : 'press';
}

/**
 * How much a turn of the wheel zooms. A notch (100 to 120 pixels or 3 lines) is about a fifth; a touchpad's pinch comes as Ctrl with
 * small steps.
 */
export function wheelFactor(event: {
  readonly deltaY: number;
  readonly deltaMode: number;
  readonly ctrlKey: boolean;
}): number {
  const pixels = event.deltaMode === 0 ? event.deltaY : event.deltaY * 40;
  const limited = Math.max(-240, Math.min(240, pixels));
  return Math.exp(-limited * (event.ctrlKey && Math.abs(limited) < 50 ? 0.01 : 0.0017));
}

const modifiersOf = (event: PointerEvent): Modifiers => ({
  ctrl: event.ctrlKey,
  shift: event.shiftKey,
  alt: event.altKey,
  meta: event.metaKey,
});

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
