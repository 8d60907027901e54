/** @file The query that is decided on, large: what kind it is, and how many wait. */
import type { ReactNode } from 'react';
import type { Query } from '../../../src-main/contract/records.ts';
import './stage-work.css';

const origins: Record<Query['source'], string> = { model: 'by a model', human: 'by hand', import: 'imported' };

export function QueryBand({ query, children }: { readonly query: Query | null; readonly children?: ReactNode }) {
  if (!query) return null;
  const facts = [query.form, query.reasoningType, origins[query.source], query.noTarget ? 'nothing matches' : null];
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
