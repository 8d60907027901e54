/** @file The images of the stage, drawn as far as they are in sight; arrow keys move, a click or Enter opens. */
import { SegmentedControl } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { CandidateImage } from '../../../src-main/contract/methods-generate.ts';
import type { WritingFilter } from '../../document/writing.ts';
import { chooseFilter, openWriting, readMore } from '../../tools/writing-list.ts';
import { useApp, useAppState } from '../app-context.ts';
import { FailureNote } from '../parts/FailureNote.tsx';
import { count } from '../parts/format.ts';
import { useRem } from '../parts/use-rem.ts';
import { JobLine } from './JobLine.tsx';

const filters: { value: WritingFilter; label: string }[] = [
  { value: 'new', label: 'Waiting' },
  { value: 'any', label: 'Written' },
  { value: 'all', label: 'All' },
];

export function CandidateImages() {
  const app = useApp();
  const { filter, images, total, counts, failure } = useAppState(({ writing }) => writing);
  return (
    <div className="writing-list">
      <div className="panel-part">
        <SegmentedControl
          aria-label="Images shown"
          size="xs"
          fullWidth
          data={filters}
          value={filter}
          onChange={(value) => void chooseFilter(app, value)}
        />
        <p className="quiet small number" role="status">
          {count(total, 'image')}; {counts.new} wait, {counts.kept} kept, {counts.dropped} dropped
        </p>
      </div>
      <JobLine />
      <FailureNote failure={failure} />
      {images && images.length > 0 ? <Rows images={images} /> : <Empty filter={filter} known={images !== null} />}
    </div>
  );
}

function Empty({ filter, known }: { readonly filter: WritingFilter; readonly known: boolean }) {
  if (!known) return null;
  return (
    <p className="panel-part quiet">
      {filter === 'all'
        ? 'The project has no photos.'
        : filter === 'new'
          ? 'No candidate waits. A model writes some under "Models, templates and costs" (G).'
          : 'Nothing was written yet.'}
    </p>
  );
}

function Rows({ images }: { readonly images: readonly CandidateImage[] }) {
  const app = useApp();
  const openId = useAppState(({ writing }) => writing.open?.image.id ?? null);
  const scroller = useRef<HTMLDivElement>(null);
  const height = Math.round(2.5 * useRem());
  const virtual = useVirtualizer({
    count: images.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= images.length - 20) void readMore(app);
  }, [app, last, images.length]);
  const openAt = images.findIndex(({ id }) => id === openId);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another image is open, not when rows are drawn.
  useEffect(() => {
    if (openAt >= 0) virtual.scrollToIndex(openAt, { align: 'auto' });
  }, [openId]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reached with the keyboard.
    <section ref={scroller} className="writing-rows" tabIndex={0} aria-label="Images">
      <div className="images-space" style={{ height: virtual.getTotalSize() }}>
        {rows.map(({ index, start }) => {
          const image = images[index]!;
          return (
            <button
              key={image.id}
              type="button"
              className="writing-row"
              data-open={image.id === openId || undefined}
              aria-current={image.id === openId}
              style={{ height, transform: `translateY(${start}px)` }}
              onClick={() => void openWriting(app, image.id)}
            >
              <span className="cut grow">{image.path}</span>
              <Count value={image.new} name="wait" tone="warn" />
              <Count value={image.kept} name="kept" tone="good" />
            </button>
          );
        })}
      </div>
    </section>
  );
}

function Count({
  value,
  name,
  tone,
}: {
  readonly value: number;
  readonly name: string;
  readonly tone: 'warn' | 'good';
}) {
  if (value === 0) return null;
  return (
    <span className={`tag number ${tone}`}>
      {value} {name}
    </span>
  );
}
