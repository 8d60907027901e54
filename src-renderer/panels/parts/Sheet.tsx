/**
 * @file A side sheet: settings, models, export, keys. It lies beside the work and not before it: nothing is locked, Esc
 * or its button closes it. Where the focus goes then is said by whoever opens it.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './IconButton.tsx';
import { isInPopup, keepKey } from './own-keys.ts';
import './sheet.css';

type SheetProps = {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

export function Sheet({ title, onClose, children }: SheetProps) {
  const id = useId();
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !isInPopup(event)) {
      event.stopPropagation();
      onClose();
      return;
    }
    // Letters and digits decide on masks; whoever is in a sheet does not mean them.
    keepKey(event);
  };
  return (
    <section ref={box} className="sheet" role="dialog" aria-labelledby={id} tabIndex={-1} onKeyDown={onKeyDown}>
      <div className="sheet-head">
        <h1 id={id}>{title}</h1>
        <IconButton icon="close" label="Close" keys="Esc" onClick={onClose} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reached with the keyboard. */}
      <section className="sheet-body" aria-label={`${title}: contents`} tabIndex={0}>
        {children}
      </section>
    </section>
  );
}

type SectionProps = {
  readonly title: string;
  readonly note?: string | undefined;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
};

/** A titled part of a sheet. */
export function Section({ title, note, aside, children }: SectionProps) {
  const id = useId();
  return (
    <section className="section" aria-labelledby={id}>
      <header className="row section-head">
        <h2 id={id} className="grow">
          {title}
        </h2>
        {aside}
      </header>
      {note ? <p className="quiet">{note}</p> : null}
      {children}
    </section>
  );
}
