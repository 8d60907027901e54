/** @file Releases of the dataset: those that were made, and making one. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ListedRelease } from '../../../src-main/contract/methods-release.ts';
import { FailureNote } from '../parts/FailureNote.tsx';
import { Section } from '../parts/Sheet.tsx';
import { useAnswer } from '../parts/use-call.ts';
import { ReleaseForm } from './ReleaseForm.tsx';

export function ReleaseSection() {
  const { value, failure, again } = useAnswer('release.list', {});
  const [open, setOpen] = useState(false);
  const done = () => {
    setOpen(false);
    again();
  };
  return (
    <Section
      title="Releases"
      note="The accepted queries, divided and frozen, with a card and checksums, in the project's folder. A release is never changed."
      aside={open ? undefined : <Button onClick={() => setOpen(true)}>New release</Button>}
    >
      <FailureNote failure={failure} />
      {open ? <ReleaseForm onDone={done} onCancel={() => setOpen(false)} /> : null}
      {value && value.releases.length > 0 ? <Releases releases={value.releases} /> : null}
    </Section>
  );
}

function Releases({ releases }: { readonly releases: readonly ListedRelease[] }) {
  return (
    <div className="figure-scroll">
      <table className="figures-table release-table">
        <caption className="sr-only">Releases</caption>
        <thead>
          <tr>
            {['version', 'made', 'images', 'queries', 'masks', 'splits', 'farthest from the whole', 'alike'].map(
              (name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {releases.map((release) => (
            <tr key={release.version}>
              <th scope="row" title={release.folder}>
                {release.version}
              </th>
              <td>{new Date(release.at).toLocaleDateString()}</td>
              <td>{release.images.toLocaleString()}</td>
              <td>{release.queries.toLocaleString()}</td>
              <td>{release.instances.toLocaleString()}</td>
              <td>{release.balance.splits.map(({ name, queries }) => `${name} ${queries}`).join(', ')}</td>
              <td>{farthest(release)}</td>
              <td title="Groups of photos that are alike, each in one split">{release.alike}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The single strata, not their combinations, which are too small to be even. */
function farthest({ balance }: ListedRelease): string {
  const [first] = balance.deviations.filter(({ of }) => of !== 'all three').sort((a, b) => b.deviation - a.deviation);
  if (!first?.worst) return '-';
  return `${(100 * first.deviation).toFixed(1)} points (${first.of} ${first.worst.value} in ${first.worst.split})`;
}
