/** @file Kept images against what is wanted, class by class under their supercategories. A class is filtered with a click. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { quotaOf, type Tally } from '../../document/picking.ts';
import { setPicking } from '../../tools/picking.ts';
import { useApp, useAppState } from '../app-context.ts';
import { useRem } from '../parts/use-rem.ts';

type Line =
  | { readonly kind: 'above'; readonly name: string; readonly kept: number }
  | { readonly kind: 'class'; readonly category: number; readonly name: string };

export function ClassBars({ tally }: { readonly tally: Tally }) {
  const picking = useAppState((state) => state.picking);
  const categories = picking.data?.categories;
  const scroller = useRef<HTMLDivElement>(null);
  const height = Math.round(1.5 * useRem());
  const lines = useMemo(() => {
    const list: Line[] = [];
    for (const { name, count } of tally.supercategories) {
      list.push({ kind: 'above', name: name || 'No supercategory', kept: count });
      for (const [category, each] of (categories ?? []).entries()) {
        if (each.supercategory === name) list.push({ kind: 'class', category, name: each.name });
      }
    }
    return list;
  }, [tally, categories]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 10,
  });
  const top = Math.max(1, ...tally.classes);
  return (
    <section ref={scroller} className="pick-bars" aria-label="Kept images of each class">
      <ul style={{ height: virtual.getTotalSize() }} className="pick-space">
        {virtual.getVirtualItems().map(({ index, start }) => {
          const line = lines[index]!;
          const style = { height, transform: `translateY(${start}px)` };
          if (line.kind === 'above') {
            return (
              <li key={index} className="pick-bar pick-above" style={style}>
                <span className="grow cut">{line.name}</span>
                <span className="number">{line.kept}</span>
              </li>
            );
          }
          const quota = quotaOf(picking, line.category);
          const props = { kept: tally.classes[line.category]!, quota, supply: picking.supply[line.category] ?? 0, top };
          return (
            <li key={index} className="pick-bar" style={style}>
              <ClassBar category={line.category} name={line.name} {...props} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

type ClassBarProps = {
  readonly category: number;
  readonly name: string;
  readonly kept: number;
  /** Null for no bound. */
  readonly quota: number | null;
  readonly supply: number;
  /** What a bar without a bound is measured by. */
  readonly top: number;
};

function ClassBar({ category, name, kept, quota, supply, top }: ClassBarProps) {
  const app = useApp();
  const isFiltered = useAppState(({ picking }) => picking.settings.filter.categories?.includes(category) ?? false);
  const wanted = quota ?? top;
  const part = wanted === 0 ? 0 : Math.min(1, kept / wanted);
  const toggle = () => {
    const { filter } = app.store.getState().picking.settings;
    const { categories: _, ...rest } = filter;
    setPicking(app, { filter: isFiltered ? rest : { ...rest, categories: [category] } });
  };
  const text = quota === null ? `${kept}` : `${kept} / ${quota}`;
  return (
    <button
      type="button"
      className="pick-class"
      aria-pressed={isFiltered}
      title={`${name}: ${kept} kept${quota === null ? '' : ` of ${quota} wanted`}, ${supply} fit. Click to show only this class.`}
      onClick={toggle}
    >
      <span className="cut">{name}</span>
      <span className="pick-track" data-full={quota !== null && quota > 0 && kept >= quota ? true : undefined}>
        <span style={{ width: `${100 * part}%` }} />
      </span>
      <span className="number small">{text}</span>
      <span className="number small quiet">{supply}</span>
    </button>
  );
}
