/** @file What an image must have to be shown, and in which order. Every field is empty where it asks for nothing. */
import { Checkbox, Select, TextInput } from '@mantine/core';
import {
  type SelectionFilter,
  type SelectionSort,
  selectionSorts,
  selectionStates,
} from '../../../src-main/contract/selection.ts';
import { setPicking } from '../../tools/picking.ts';
import { useApp, useAppState } from '../app-context.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { RangeField } from './RangeField.tsx';

const sortNames: Record<SelectionSort, string> = {
  file: 'As in the file',
  instances: 'Instances of the class',
  share: 'Size of the largest instance',
  overlap: 'Overlap',
  crowding: 'Crowding',
  classes: 'Number of classes',
  random: 'Random (by the seed)',
};
const stateNames: Record<(typeof selectionStates)[number], string> = {
  undecided: 'Undecided',
  kept: 'Kept',
  dropped: 'Dropped',
  'in-project': 'In the project',
};

export function FilterPanel() {
  const app = useApp();
  const { filter, sort, descending } = useAppState(({ picking }) => picking.settings);
  const categories = useAppState(({ picking }) => picking.data?.categories ?? []);
  const supercategories = [...new Set(categories.map(({ supercategory }) => supercategory))];
  /** `undefined` takes a condition away. */
  const set = (change: { [K in keyof SelectionFilter]?: SelectionFilter[K] | undefined }) => {
    const next = Object.fromEntries(
      Object.entries({ ...filter, ...change }).filter(([, value]) => value !== undefined),
    );
    setPicking(app, { filter: next as SelectionFilter });
  };
  const any = (name: string) => ({ value: '', label: name });
  const only = filter.categories?.length === 1 ? String(filter.categories[0]) : '';
  return (
    <form className="stack pick-filter" aria-label="Filter" onSubmit={(event) => event.preventDefault()}>
      <Select
        label="Class"
        searchable
        data={[any('Any class'), ...categories.map(({ name }, place) => ({ value: String(place), label: name }))]}
        value={only}
        onChange={(value) => set({ categories: value ? [Number(value)] : undefined })}
      />
      <Select
        label="Supercategory"
        data={[any('Any'), ...supercategories.filter(Boolean).map((name) => ({ value: name, label: name }))]}
        value={filter.supercategory ?? ''}
        onChange={(value) => set({ supercategory: value || undefined })}
      />
      <RangeField
        label="Instances of the class"
        whole
        value={filter.instances}
        onChange={(instances) => set({ instances })}
      />
      <RangeField
        label="Share of the image, %"
        title="Of the smallest instance at least, of the largest at most"
        scale={100}
        value={filter.share}
        onChange={(share) => set({ share })}
      />
      <RangeField
        label="Overlap (IoU of boxes)"
        title="Largest intersection over union of two boxes of the class, 0 to 1"
        value={filter.overlap}
        onChange={(overlap) => set({ overlap })}
      />
      <RangeField
        label="Crowding (boxes touched)"
        title="How many other instances, of any class, the box of an instance of the class touches, on average"
        value={filter.crowding}
        onChange={(crowding) => set({ crowding })}
      />
      <RangeField
        label="Other classes"
        whole
        value={filter.otherClasses}
        onChange={(otherClasses) => set({ otherClasses })}
      />
      <Checkbox
        label="Also with regions marked as crowds"
        checked={filter.crowds}
        onChange={(event) => set({ crowds: event.currentTarget.checked })}
      />
      <Select
        label="Decision"
        data={[any('Any'), ...selectionStates.map((state) => ({ value: state, label: stateNames[state] }))]}
        value={filter.state ?? ''}
        onChange={(value) => set({ state: (value || undefined) as SelectionFilter['state'] })}
      />
      <TextInput
        label="File name"
        value={filter.text ?? ''}
        onChange={(event) => set({ text: event.currentTarget.value || undefined })}
      />
      <div className="row pick-sort">
        <Select
          className="grow"
          label="Order"
          data={selectionSorts.map((each) => ({ value: each, label: sortNames[each] }))}
          value={sort}
          onChange={(value) => value && setPicking(app, { sort: value as SelectionSort })}
        />
        <IconButton
          icon="sort"
          label="Largest first"
          pressed={descending}
          onClick={() => setPicking(app, { descending: !descending })}
        />
      </div>
    </form>
  );
}
