/** @file How many images of each class are wanted, filling to that, and how far each class is. */
import { NumberInput } from '@mantine/core';
import { useMemo } from 'react';
import type { Quotas } from '../../../src-main/contract/selection.ts';
import { tallyOf } from '../../document/picking.ts';
import { clearFilled, setPicking } from '../../tools/picking.ts';
import { useApp, useAppState } from '../app-context.ts';
import { CommandButton } from '../parts/CommandButton.tsx';
import { count } from '../parts/format.ts';
import { ClassBars } from './ClassBars.tsx';

export function QuotaPanel() {
  const app = useApp();
  const picking = useAppState((state) => state.picking);
  const tally = useMemo(() => tallyOf(picking), [picking]);
  const { quotas, seed } = picking.settings;
  const set = (change: Partial<Quotas>) => setPicking(app, { quotas: { ...quotas, ...change } });
  const number = (value: number | string) => (value === '' ? null : Math.max(0, Math.floor(Number(value))));
  return (
    <div className="stack pick-quotas">
      <div className="pick-numbers">
        <NumberInput
          label="Per class"
          placeholder="no bound"
          min={0}
          value={quotas.perClass ?? ''}
          onChange={(value) => set({ perClass: number(value) })}
        />
        <NumberInput
          label="In all"
          placeholder="no bound"
          min={0}
          value={quotas.total ?? ''}
          onChange={(value) => set({ total: number(value) })}
        />
        <NumberInput
          label="Seed"
          title="Another seed draws other images"
          min={0}
          max={2 ** 32 - 1}
          value={seed}
          onChange={(value) => setPicking(app, { seed: number(value) ?? 0 })}
        />
      </div>
      <OwnQuota />
      <div className="row wrap">
        <CommandButton id="pick.fill" icon="check" text="Fill to the quotas" />
        <button type="button" className="link small" onClick={() => clearFilled(app)}>
          Clear what was filled
        </button>
        <span className="grow" />
        <CommandButton id="pick.undo" icon="undo" />
        <CommandButton id="pick.redo" icon="redo" />
      </div>
      <p aria-live="polite" className="number">
        <strong>{tally.kept.toLocaleString()} kept</strong>, {count(tally.dropped, 'dropped', 'dropped')}
      </p>
      <ClassBars tally={tally} />
    </div>
  );
}

/** The quota of the class that is looked at. */
function OwnQuota() {
  const app = useApp();
  const name = useAppState(({ picking }) => {
    const { categories } = picking.settings.filter;
    return categories?.length === 1 ? picking.data?.categories[categories[0]!]?.name : undefined;
  });
  const quotas = useAppState(({ picking }) => picking.settings.quotas);
  if (name === undefined) return null;
  const { [name]: own, ...others } = quotas.own;
  const set = (value: number | string) =>
    setPicking(app, {
      quotas: { ...quotas, own: value === '' ? others : { ...others, [name]: Math.max(0, Math.floor(Number(value))) } },
    });
  return <NumberInput label={`Of ${name}`} placeholder="as the others" min={0} value={own ?? ''} onChange={set} />;
}
