/** @file A photo with the boxes of its instances: those that fit strongly, in the large view the others faintly. */
import type { SelectionCandidate } from '../../../src-main/contract/methods-select.ts';
import { useApp, useAppState } from '../app-context.ts';

type PhotoBoxesProps = {
  readonly candidate: SelectionCandidate;
  readonly max: 256 | 1024;
  /** Also boxes of other classes, with names. */
  readonly all?: boolean;
};

export function PhotoBoxes({ candidate, max, all = false }: PhotoBoxesProps) {
  const { host } = useApp();
  const categories = useAppState(({ picking }) => picking.data?.categories ?? []);
  const { width, height, fits, instances, media, name } = candidate;
  const fitting = new Set(fits.map(({ category }) => category));
  const shown = instances.filter(({ category, crowd }) => !crowd && (all || fitting.has(category)));
  // Names as large as the picture's own pixels make them.
  const letters = Math.max(width, height) / 60;
  return (
    <span className="pick-photo">
      <img src={host.mediaUrl(media, max)} alt={name} loading="lazy" decoding="async" draggable={false} />
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
        {shown.map(({ category, box: [x, y, w, h] }, k) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: boxes have no ids and never change their order.
          <g key={k} data-fits={fitting.has(category) || undefined}>
            <rect className="pick-halo" x={x} y={y} width={w} height={h} />
            <rect className="pick-box" x={x} y={y} width={w} height={h} />
            {all ? (
              <text x={x + letters / 4} y={y + letters} fontSize={letters}>
                {categories[category]?.name}
              </text>
            ) : null}
          </g>
        ))}
      </svg>
    </span>
  );
}
