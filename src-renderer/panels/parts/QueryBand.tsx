/** @file The query that is decided on, large: what kind it is, and how many wait. */
import type { ReactNode } from 'react';
import type { Query } from '../../../src-main/contract/records.ts';
import { count } from './format.ts';
import './stage-work.css';

const origins: Record<Query['source'], string> = { model: 'by a model', human: 'by hand', import: 'imported' };

type QueryBandProps = {
  readonly query: Query | null;
  /** Of its answer. */
  readonly masks: number;
  readonly children?: ReactNode;
};

export function QueryBand({ query, masks, children }: QueryBandProps) {
  if (!query) return null;
  const answer = query.noTarget ? 'nothing matches' : masks === 0 ? 'no masks yet' : count(masks, 'mask');
  const facts = [query.form, query.reasoningType, origins[query.source], answer];
  return (
    <header className="query-band">
      <p className="query-band-text" data-long={query.text.length > 160 || undefined} lang="">
        {query.text}
      </p>
      <p className="row quiet small">
        <span>{facts.filter((fact) => fact !== null).join(', ')}</span>
        {children}
      </p>
    </header>
  );
}
