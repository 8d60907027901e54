/** @file An error in the place where it happened: what happened, what to do, and perhaps a button that does it. */
import type { ReactNode } from 'react';
import type { Failure } from '../../document/state.ts';
import { Icon } from '../icons.tsx';
import './note.css';

type NoteProps = {
  readonly tone?: 'bad' | 'warn' | 'info';
  readonly title: string;
  readonly hint?: string | null | undefined;
  readonly children?: ReactNode;
};

export function Note({ tone = 'info', title, hint, children }: NoteProps) {
  return (
    <div className="note" data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon name={tone === 'info' ? 'info' : 'error'} />
      <div className="grow">
        <p className="note-title">{title}</p>
        {hint ? <p className="quiet">{hint}</p> : null}
        {children ? <div className="row wrap note-actions">{children}</div> : null}
      </div>
    </div>
  );
}

export function FailureNote({
  failure,
  children,
}: {
  readonly failure: Failure | null;
  readonly children?: ReactNode;
}) {
  if (!failure) return null;
  return (
    <Note tone="bad" title={failure.message} hint={failure.hint}>
      {children}
    </Note>
  );
}
