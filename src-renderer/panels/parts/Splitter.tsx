/** @file The line between two columns: dragged, or moved with the arrow keys; a double click brings the default back. */
import { useLocalStorage } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import './splitter.css';

type SplitterProps = {
  readonly label: string;
  /** Width of the column that it resizes, in rem. */
  readonly width: number;
  readonly min: number;
  readonly max: number;
  readonly initial: number;
  /** The column is left or right of the line. */
  readonly side: 'left' | 'right';
  readonly onChange: (width: number) => void;
};

const rem = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

export function Splitter({ label, width, min, max, initial, side, onChange }: SplitterProps) {
  const grip = useRef<{ x: number; width: number } | null>(null);
  const sign = side === 'left' ? 1 : -1;
  const set = (value: number) => onChange(Math.min(max, Math.max(min, value)));

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    set(width + step * sign);
  };
  const onPointerDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { x: event.clientX, width };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (grip.current) set(grip.current.width + (sign * (event.clientX - grip.current.x)) / rem());
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is a widget, which <hr> is not.
    <div
      className="splitter"
      data-side={side}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={Math.round(width)}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        grip.current = null;
      }}
      onDoubleClick={() => set(initial)}
    />
  );
}

/** A width in rem that this browser keeps. */
export function useWidth(key: string, initial: number) {
  return useLocalStorage<number>({
    key: `novo-width-${key}`,
    defaultValue: initial,
    getInitialValueInEffect: false,
    deserialize: (text) => {
      const value = Number(text);
      return Number.isFinite(value) && value > 0 ? value : initial;
    },
  });
}
