/**
 * @file The photos of the project that the filter lets through, drawn as far as they are in sight. One tab stop: arrow
 * keys move and open, Enter opens at once and goes to the photo.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { pageSize } from '../../document/images.ts';
import { rowAt } from '../../document/selectors.ts';
import { ensureRows } from '../../tools/list.ts';
import { openImage } from '../../tools/navigate.ts';
import { focus } from '../../tools/view.ts';
import { useApp, useAppState } from '../app-context.ts';
import { useRem } from '../parts/use-rem.ts';
import { ImageRow } from './ImageRow.tsx';

/** Milliseconds of rest before a row that was reached with the arrow keys is opened. */
const restMs = 120;
const rowId = (index: number) => `image-row-${index}`;

export function ImageList() {
  const app = useApp();
  const images = useAppState((state) => state.images);
  const openId = useAppState((state) => state.opening?.imageId ?? state.open?.document.image.id ?? null);
  const position = useAppState((state) => state.open?.position ?? null);
  const scroller = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const height = Math.round(2.75 * useRem());
  const total = images.total ?? 0;

  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are measured anew when a row has another height.
  useEffect(() => virtual.measure(), [height]);

  const rows = virtual.getVirtualItems();
  const first = rows[0]?.index ?? 0;
  const last = rows.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new list (generation) has to be read where the old one was.
  useEffect(() => {
    if (total > 0) ensureRows(app, first, last);
  }, [app, Math.floor(first / pageSize), Math.floor(last / pageSize), images.generation, total]);

  // The open image is kept in sight, also when it was opened by a key.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another image is open, not when rows are drawn.
  useEffect(() => {
    if (position === null) return;
    setCursor(position);
    virtual.scrollToIndex(position, { align: 'auto' });
  }, [position, openId]);

  const openRow = (index: number) => {
    const row = rowAt(app.store.getState(), index);
    if (row) openImage(app, row.id, index);
  };
  const open = (index: number) => {
    clearTimeout(rest.current);
    setCursor(index);
    openRow(index);
  };
  const moveTo = (index: number) => {
    const next = Math.min(total - 1, Math.max(0, index));
    setCursor(next);
    virtual.scrollToIndex(next, { align: 'auto' });
    clearTimeout(rest.current);
    rest.current = setTimeout(() => openRow(next), restMs);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || total === 0) return;
    const at = cursor ?? -1;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? height) / height) - 1);
    const target = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: total - 1,
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      moveTo(target);
    } else if (event.key === 'Enter' && cursor !== null) {
      event.preventDefault();
      event.stopPropagation();
      open(cursor);
      focus(app, 'canvas');
    }
  };

  return (
    <div
      ref={scroller}
      className="images-list"
      role="listbox"
      aria-label="Images"
      tabIndex={0}
      aria-activedescendant={cursor !== null && cursor >= first && cursor <= last ? rowId(cursor) : undefined}
      onKeyDown={onKeyDown}
    >
      <div className="images-space" style={{ height: virtual.getTotalSize() }} role="presentation">
        {rows.map(({ index, start }) => {
          const image = images.pages.get(Math.floor(index / pageSize))?.[index % pageSize] ?? null;
          return (
            <ImageRow
              key={index}
              id={rowId(index)}
              image={image}
              index={index}
              total={total}
              selected={image !== null && image.id === openId}
              cursor={index === cursor}
              style={{ height, transform: `translateY(${start}px)` }}
              onOpen={open}
            />
          );
        })}
      </div>
    </div>
  );
}
