/** @file A check of the project: what is wrong, what to do, and a click that goes there. */
import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { Finding } from '../../../src-main/contract/check.ts';
import { Icon } from '../icons.tsx';
import { useOpenImage } from '../images/use-open-image.ts';
import { FailureNote } from '../parts/FailureNote.tsx';
import { count } from '../parts/format.ts';
import { Section } from '../parts/Sheet.tsx';
import { useCall } from '../parts/use-call.ts';

/** More than a person reads; the list says how many there are. */
const shown = 200;

export function CheckTab() {
  const [thorough, setThorough] = useState(false);
  const call = useCall('project.check');
  const findings = call.value?.findings;
  return (
    <div className="tab">
      <Section
        title="Check of the project"
        note="Looks at every record and says what does not fit together. It changes nothing."
      >
        <Checkbox
          label="Also read every photo again (slow)"
          checked={thorough}
          onChange={(e) => setThorough(e.target.checked)}
        />
        <div className="row">
          <Button variant="filled" loading={call.busy} onClick={() => call.run({ thorough })}>
            Check
          </Button>
          {call.busy ? <Button onClick={call.cancel}>Cancel</Button> : null}
          <span role="status">
            {findings
              ? findings.length === 0
                ? 'Nothing found: all fits together.'
                : count(findings.length, 'finding')
              : ''}
          </span>
        </div>
        <FailureNote failure={call.failure} />
        <ul className="stack">
          {findings?.slice(0, shown).map((finding) => (
            <FindingRow key={`${finding.code} ${finding.what}`} finding={finding} />
          ))}
        </ul>
        {findings && findings.length > shown ? (
          <p className="quiet">The first {shown} are shown; "project check" on the command line lists them all.</p>
        ) : null}
      </Section>
    </div>
  );
}

function FindingRow({ finding }: { readonly finding: Finding }) {
  const openImage = useOpenImage();
  const { imageId } = finding;
  return (
    <li className="card">
      <p className="row">
        <span className="warn">
          <Icon name="error" />
        </span>
        <strong className="grow">{finding.what}</strong>
        {imageId === null ? null : <Button onClick={() => openImage(imageId)}>Show image</Button>}
      </p>
      <p className="quiet">{finding.todo}</p>
    </li>
  );
}
