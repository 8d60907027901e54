/**
 * @file The images that fit, drawn as far as they are in sight. One tab stop; keys are commands (tools/commands-picking.ts)
 * and count here as on the page.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { commandFor } from '../../tools/key-match.ts';
import { isMac, run } from '../../tools/keyboard.ts';
import { ensureCandidates, move, moveTo } from '../../tools/picking.ts';
import { useApp, useAppState } from '../app-context.ts';
import { useRem } from '../parts/use-rem.ts';
import { LargePhoto } from './LargePhoto.tsx';
import { PhotoCell } from './PhotoCell.tsx';

/** Least width of a cell, and its height by its width. */
const cell = { rem: 11, ratio: 0.86 } as const;
const cellId = (place: number) => `pick-cell-${place}`;

export function PhotoGrid() {
  const app = useApp();
  const { found, cursor, columns, large } = useAppState(({ picking }) => picking);
  const scroller = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const rem = useRem();
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const perRow = Math.max(1, Math.floor(width / (cell.rem * rem)));
  useEffect(() => {
    if (perRow !== columns) app.store.setState(({ picking }) => ({ picking: { ...picking, columns: perRow } }));
  }, [app, perRow, columns]);
  const height = Math.round((width / perRow) * cell.ratio) || 1;
  const rowCount = Math.ceil(found.length / perRow);
  const virtual = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 3,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are measured anew when rows have another height.
  useEffect(() => virtual.measure(), [height]);
  const rows = virtual.getVirtualItems();
  const first = (rows[0]?.index ?? 0) * perRow;
  const last = Math.min(found.length, ((rows.at(-1)?.index ?? 0) + 1) * perRow);
  useEffect(() => void ensureCandidates(app, found.slice(first, last)), [app, found, first, last]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the cursor moves, not when rows are drawn.
  useEffect(() => {
    if (width > 0) virtual.scrollToIndex(Math.floor(cursor / perRow), { align: 'auto' });
  }, [cursor, perRow, found, width > 0]);

  // The grid has the focus: keys of the stage count all the same, arrows among them.
  const onKeyDown = (event: KeyboardEvent) => {
    const page = perRow * Math.max(1, Math.floor((scroller.current?.clientHeight ?? height) / height));
    const steps: Record<string, number> = { PageDown: page, PageUp: -page, Home: -found.length, End: found.length };
    const step = event.ctrlKey || event.metaKey || event.altKey ? undefined : steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      move(app, step);
      return;
    }
    const { settings, stage } = app.store.getState();
    const command = commandFor(event.nativeEvent, 'page', settings.keys, isMac(), stage);
    if (!command?.id.startsWith('pick.')) return;
    event.preventDefault();
    event.stopPropagation();
    run(app, command);
  };

  return (
    <section className="pick-centre" aria-label="Images that fit">
      <div
        ref={scroller}
        className="pick-grid"
        role="listbox"
        aria-label="Images"
        tabIndex={0}
        hidden={large && found.length > 0}
        aria-activedescendant={cursor >= first && cursor < last ? cellId(cursor) : undefined}
        onKeyDown={onKeyDown}
      >
        <div className="pick-space" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {rows.map(({ index, start }) => (
            <div
              key={index}
              className="pick-row"
              role="presentation"
              style={{ height, transform: `translateY(${start}px)`, gridTemplateColumns: `repeat(${perRow}, 1fr)` }}
            >
              {found.slice(index * perRow, (index + 1) * perRow).map((image, k) => (
                <PhotoCell
                  key={image}
                  id={cellId(index * perRow + k)}
                  image={image}
                  place={index * perRow + k}
                  total={found.length}
                  isHere={index * perRow + k === cursor}
                  onPick={(place) => moveTo(app, place)}
                />
              ))}
            </div>
          ))}
        </div>
        {found.length === 0 ? <p className="quiet pick-none">No image fits. Ask for less on the left.</p> : null}
      </div>
      {large && found.length > 0 ? <LargePhoto /> : null}
    </section>
  );
}
