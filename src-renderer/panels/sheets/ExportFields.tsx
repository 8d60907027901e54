/** @file The fields of an export: its form first, then those that mean something in that form. */
import { Checkbox, SegmentedControl, Select, TextInput } from '@mantine/core';
import { type ExportProfile, exportProfiles, profileFacts } from '../../../src-main/contract/export-profiles.ts';
import { useAppState } from '../app-context.ts';

export type ExportChoice = {
  readonly profile: ExportProfile;
  /** Empty: named after the project. */
  readonly name: string;
  readonly all: boolean;
  readonly onlyQueried: boolean;
  readonly segmentation: 'auto' | 'rle';
  readonly photos: boolean;
  readonly archive: boolean;
};

type Props = { readonly choice: ExportChoice; readonly onChange: (choice: ExportChoice) => void };

const forms = exportProfiles.map((profile) => ({ value: profile, label: profileFacts[profile].title }));

/** Forms that have masks which answer no query. */
const hasUnasked: readonly ExportProfile[] = ['coco', 'yolo-seg'];
const hasSegmentation: readonly ExportProfile[] = ['coco', 'riseg'];

export function ExportFields({ choice, onChange }: Props) {
  const project = useAppState((state) => state.project.info?.name ?? '');
  const { profile, name, all, onlyQueried, segmentation, photos, archive } = choice;
  const facts = profileFacts[profile];
  const isFolder = facts.target === 'folder';
  const change = (part: Partial<ExportChoice>) => onChange({ ...choice, ...part });
  return (
    <>
      <Select
        label="Form"
        data={forms}
        value={profile}
        allowDeselect={false}
        onChange={(value) => change({ profile: exportProfiles.find((known) => known === value) ?? 'coco' })}
      />
      <TextInput
        label={isFolder ? 'Name of the folder' : 'Name of the file'}
        description="In the project's folder, under exports"
        placeholder={profile === 'coco' ? project : `${project}-${profile}`}
        maxLength={120}
        value={name}
        onChange={(e) => change({ name: e.target.value })}
      />
      <Checkbox
        label="Also queries that are not decided yet"
        checked={all}
        onChange={(e) => change({ all: e.target.checked })}
      />
      {hasUnasked.includes(profile) ? (
        <Checkbox
          label="Without masks that answer no exported query"
          checked={onlyQueried}
          onChange={(e) => change({ onlyQueried: e.target.checked })}
        />
      ) : null}
      {facts.photos ? (
        <Checkbox
          label="Copies of the photos beside the labels, where readers look for them"
          checked={photos}
          onChange={(e) => change({ photos: e.target.checked })}
        />
      ) : null}
      {isFolder ? (
        <Checkbox
          label="Also as one ZIP file, to download"
          checked={archive}
          onChange={(e) => change({ archive: e.target.checked })}
        />
      ) : null}
      {hasSegmentation.includes(profile) ? (
        <div className="row wrap">
          <span id="segmentation-label">Masks as</span>
          <SegmentedControl
            aria-labelledby="segmentation-label"
            data={[
              { value: 'auto', label: 'Polygons, RLE where a hole would be lost' },
              { value: 'rle', label: 'RLE' },
            ]}
            value={segmentation}
            onChange={(value) => change({ segmentation: value })}
          />
        </div>
      ) : null}
    </>
  );
}
