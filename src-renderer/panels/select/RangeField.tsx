/** @file From and to, each of which may be left open. */
import { NumberInput } from '@mantine/core';
import type { Range } from '../../../src-main/contract/selection.ts';

type RangeFieldProps = {
  readonly label: string;
  readonly title?: string;
  readonly value: Range;
  readonly onChange: (range: Range) => void;
  readonly whole?: boolean;
  /** What is shown is the value times this. */
  readonly scale?: number;
};

export function RangeField({ label, title, value, onChange, whole = false, scale = 1 }: RangeFieldProps) {
  const shown = (end: number | undefined) => (end === undefined ? '' : Number((end * scale).toFixed(6)));
  const change = (end: keyof Range) => (next: number | string) => {
    const { [end]: _, ...rest } = value;
    onChange(next === '' || !Number.isFinite(Number(next)) ? rest : { ...rest, [end]: Number(next) / scale });
  };
  const input = (end: keyof Range, placeholder: string) => (
    <NumberInput
      aria-label={`${label}: ${placeholder}`}
      placeholder={placeholder}
      min={0}
      allowNegative={false}
      allowDecimal={!whole}
      hideControls
      value={shown(value[end])}
      onChange={change(end)}
    />
  );
  return (
    <fieldset className="pick-range" title={title}>
      <legend>{label}</legend>
      {input('min', 'least')}
      <span aria-hidden="true">–</span>
      {input('max', 'most')}
    </fieldset>
  );
}
