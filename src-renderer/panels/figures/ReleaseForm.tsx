/** @file What a release needs to know: version, splits, forms, licence. */
import { Button, Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type ExportProfile, exportProfiles, profileFacts } from '../../../src-main/contract/export-profiles.ts';
import { releaseVersionSchema, type SplitShare, splitShareSchema } from '../../../src-main/contract/release.ts';
import { Bar } from '../parts/Bar.tsx';
import { FailureNote } from '../parts/FailureNote.tsx';
import { keepKey } from '../parts/own-keys.ts';
import { useCall } from '../parts/use-call.ts';

type Props = { readonly onDone: () => void; readonly onCancel: () => void };

export function ReleaseForm({ onDone, onCancel }: Props) {
  const [version, setVersion] = useState('1.0.0');
  const [splits, setSplits] = useState('train=0.7, val=0.15, test=0.15');
  const [seed, setSeed] = useState('1');
  const [licence, setLicence] = useState('');
  const [profiles, setProfiles] = useState<ExportProfile[]>(['coco', 'riseg']);
  const { run, busy, progress, failure, cancel } = useCall('release.make');
  const shares = sharesOf(splits);
  const versionFits = releaseVersionSchema.safeParse(version.trim()).success;
  const seedFits = /^\d{1,6}$/.test(seed);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!shares || !versionFits || !seedFits || profiles.length === 0) return;
    const input = { version: version.trim(), splits: shares, seed: Number(seed), licence, profiles };
    if (await run(input)) onDone();
  };
  return (
    <form className="card release-form" aria-label="New release" onSubmit={submit} onKeyDown={keepKey}>
      <div className="form">
        <TextInput
          label="Version"
          value={version}
          onChange={({ currentTarget }) => setVersion(currentTarget.value)}
          error={versionFits ? null : 'Numbers with points between them, such as 1.0.0'}
          data-autofocus
        />
        <TextInput
          label="Seed"
          value={seed}
          onChange={({ currentTarget }) => setSeed(currentTarget.value)}
          error={seedFits ? null : 'A whole number up to 999999'}
        />
        <TextInput
          label="Splits and their shares of the queries"
          value={splits}
          onChange={({ currentTarget }) => setSplits(currentTarget.value)}
          error={shares ? null : 'NAME=SHARE, NAME=SHARE with shares above 0'}
        />
        <TextInput
          label="Licence of the annotations"
          placeholder="CC-BY-4.0"
          value={licence}
          onChange={({ currentTarget }) => setLicence(currentTarget.value)}
        />
        <Checkbox.Group
          className="wide"
          label="Forms"
          value={profiles}
          onChange={(chosen) => setProfiles(exportProfiles.filter((profile) => chosen.includes(profile)))}
        >
          <div className="release-forms">
            {exportProfiles.map((profile) => (
              <Checkbox key={profile} value={profile} label={profileFacts[profile].title} />
            ))}
          </div>
        </Checkbox.Group>
      </div>
      <FailureNote failure={failure} />
      {busy ? (
        <Bar
          label={progress?.stage === 'photos' ? 'Comparing photos' : `Writing ${progress?.stage ?? ''}`}
          done={progress?.done ?? 0}
          total={progress?.total ?? 0}
          onCancel={cancel}
        />
      ) : (
        <div className="row">
          <Button
            type="submit"
            variant="filled"
            disabled={!shares || !versionFits || !seedFits || profiles.length === 0}
          >
            Make the release
          </Button>
          <Button onClick={onCancel}>Cancel</Button>
        </div>
      )}
    </form>
  );
}

function sharesOf(text: string): SplitShare[] | null {
  const shares = text.split(',').map((part) => {
    const [name, share] = part.split('=').map((each) => each.trim());
    return splitShareSchema.safeParse({ name, share: Number(share) }).data ?? null;
  });
  const named = shares.filter((share) => share !== null);
  const names = new Set(named.map(({ name }) => name.toLowerCase()));
  return named.length === shares.length && names.size === named.length ? named : null;
}
