/** @file What an import would bring, or has brought: counts, conflicts, and what was left out and why. */
import { Button } from '@mantine/core';
import type { ImportReport, Tallied } from '../../../src-main/contract/import.ts';
import { Icon } from '../icons.tsx';
import { useOpenImage } from '../images/use-open-image.ts';
import { Note } from '../parts/FailureNote.tsx';
import { count } from '../parts/format.ts';
import { emptyText, formatNames, gains, rows } from './import-words.ts';
import './import.css';

type CardProps = { readonly report: ImportReport; readonly onImport: () => void };

export function ReportCard({ report, onImport }: CardProps) {
  const { dryRun, format, guessed, conflicts, skipped, mended, notes, backup } = report;
  const gained = gains(report);
  return (
    <div className="card" role="status">
      <Headline report={report} gained={gained} />
      {guessed ? <p className="quiet">Read as {formatNames[format]}.</p> : null}
      <Counts report={report} />
      <Conflicts conflicts={conflicts} />
      <Reasons title="Left out" tone="warn" list={skipped} />
      <Reasons title="Taken, but not as written" tone="info" list={mended} />
      {notes.length > 0 ? (
        <ul className="notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      ) : null}
      {backup === null ? null : (
        <p className="quiet">
          The project as it was before: <code>{backup}</code>
        </p>
      )}
      <div className="row">
        {dryRun && gained !== null ? (
          <Button variant="filled" onClick={onImport}>
            Import
          </Button>
        ) : null}
        <Button onClick={() => save(report)}>
          <Icon name="download" />
          <span className="after-icon">Save the report</span>
        </Button>
      </div>
    </div>
  );
}

function Headline({ report, gained }: { readonly report: ImportReport; readonly gained: string | null }) {
  if (gained === null) return <Note title={emptyText(report)} />;
  if (report.dryRun) {
    return (
      <p>
        <strong>Would add {gained}.</strong> <span className="quiet">Nothing is changed yet.</span>
      </p>
    );
  }
  return (
    <p className="row good">
      <Icon name="check" />
      <strong>Added {gained}.</strong>
    </p>
  );
}

function Counts({ report }: { readonly report: ImportReport }) {
  return (
    <table className="import-counts">
      <thead>
        <tr>
          <th scope="col">In {report.source}</th>
          <th scope="col">Read</th>
          <th scope="col">{report.dryRun ? 'New' : 'Added'}</th>
          <th scope="col">There already</th>
        </tr>
      </thead>
      <tbody>
        {rows(report).map(([name, read, kept, known]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="number">{read.toLocaleString()}</td>
            <td className="number">{name === 'Photos' ? `${kept.toLocaleString()} found` : kept.toLocaleString()}</td>
            <td className="number">{known === null ? '' : known.toLocaleString()}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Conflicts({ conflicts }: { readonly conflicts: ImportReport['conflicts'] }) {
  const openImage = useOpenImage();
  if (conflicts.count === 0) return null;
  return (
    <details className="details" open>
      <summary>
        {count(conflicts.count, 'conflict')}: yours stay as they are, other answers become drafts beside them
      </summary>
      <ul className="stack">
        {conflicts.examples.map(({ imageId, path, text, what, queryId, addedId }) => (
          <li key={`${queryId} ${addedId}`} className="row">
            <span className="grow">
              <strong>{text}</strong> <span className="quiet">in {path}.</span> {what}
            </span>
            <Button onClick={() => openImage(imageId)}>Show image</Button>
          </li>
        ))}
      </ul>
      <More all={conflicts.count} shown={conflicts.examples.length} />
    </details>
  );
}

type ReasonsProps = { readonly title: string; readonly tone: 'warn' | 'info'; readonly list: readonly Tallied[] };

function Reasons({ title, tone, list }: ReasonsProps) {
  if (list.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {list.map((entry) => (
          <li key={entry.reason}>
            <details className="details">
              <summary>
                <span className={tone === 'warn' ? 'number warn' : 'number'}>{entry.count.toLocaleString()}</span>{' '}
                {entry.text}
              </summary>
              <ul className="notes">
                {entry.examples.map((example, k) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes, in which texts may be the same.
                  <li key={k}>
                    <code>{example}</code>
                  </li>
                ))}
              </ul>
              <More all={entry.count} shown={entry.examples.length} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function More({ all, shown }: { readonly all: number; readonly shown: number }) {
  return all > shown ? <p className="quiet">and {(all - shown).toLocaleString()} more</p> : null;
}

function save(report: ImportReport): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `import-${report.source}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
