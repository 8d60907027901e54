/** @file The form for an endpoint: all of its specification, with the rarely needed part folded away. */
import { Button, PasswordInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { EndpointState } from '../../../src-main/contract/methods-models.ts';
import type { EndpointSpec } from '../../../src-main/contract/pack.ts';
import { FailureNote } from '../parts/FailureNote.tsx';
import { useCall } from '../parts/use-call.ts';
import { EndpointDetails } from './EndpointDetails.tsx';
import { families, familyOf, familyOfSpec, type ServerPreset, specOf } from './endpoint-presets.ts';
import { idFor, problemsOf, withOptional } from './endpoint-spec.ts';

type FormProps = {
  readonly state?: EndpointState;
  readonly preset?: ServerPreset;
  readonly taken: readonly string[];
  readonly keychain: { readonly available: boolean; readonly reason: string | null };
  /** `id` of the endpoint that was saved. */
  readonly onDone: (id: string) => void;
  readonly onCancel: () => void;
};

export function EndpointForm({ state, preset, taken, keychain, onDone, onCancel }: FormProps) {
  const [title, setTitle] = useState(state?.title ?? preset?.title ?? '');
  const [spec, setSpec] = useState<EndpointSpec | null>(state?.endpoint ?? (preset ? specOf(preset) : null));
  const [key, setKey] = useState('');
  const [tried, setTried] = useState(false);
  const save = useCall('endpoints.save');
  if (!spec) return null;

  const edit = (change: Partial<EndpointSpec>) => setSpec({ ...spec, ...change });
  const problems = problemsOf(spec, title);
  const problem = (path: string) => (tried ? (problems.get(path) ?? null) : null);
  const submit = async () => {
    setTried(true);
    if (problems.size > 0) return;
    const id = state?.id ?? idFor(title, taken);
    const saved = await save.run({ id, title: title.trim(), endpoint: spec, ...(key === '' ? {} : { key }) });
    if (saved) onDone(saved.id);
  };
  const setModel = (model: string) => {
    // The numbers follow the name for as long as nobody has set them by hand.
    const follows = familyOfSpec(spec) === familyOf(spec.model).id;
    const { coordinates, imageRule } = familyOf(model);
    edit(follows ? { model, coordinates, imageRule } : { model });
  };
  return (
    <form
      className="card"
      aria-label={state ? `Edit ${state.title}` : 'New reasoner'}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {preset ? <p className="quiet">{preset.note}</p> : null}
      <div className="form">
        <TextInput label="Name" value={title} onChange={(e) => setTitle(e.target.value)} error={problem('title')} />
        <TextInput
          label="Model"
          value={spec.model}
          onChange={(e) => setModel(e.target.value)}
          error={problem('model')}
        />
        <TextInput
          className="wide"
          label="Address"
          description="As the server gives it, mostly ending in /v1"
          value={spec.baseUrl}
          onChange={(e) => edit({ baseUrl: e.target.value.trim() })}
          error={problem('baseUrl')}
        />
        <PasswordInput
          label="Key"
          description={keyHint(keychain, state)}
          placeholder={state?.key === 'keychain' ? 'Kept; type to replace it' : 'None'}
          disabled={!keychain.available}
          autoComplete="off"
          value={key}
          onChange={(e) => setKey(e.target.value)}
        />
        <TextInput
          label="Or environment variable"
          description="Its value is the key; read when the application starts"
          placeholder="OPENAI_API_KEY"
          value={spec.keyVariable ?? ''}
          onChange={(e) => setSpec(withOptional(spec, 'keyVariable', e.target.value.trim()))}
        />
        <Select
          className="wide"
          label="Kind of model"
          description="How it writes places in a photo. A wrong choice gives masks in wrong places."
          data={families.map((family) => ({ value: family.id, label: family.title }))}
          value={familyOfSpec(spec)}
          placeholder="Set by hand"
          onChange={(id) => {
            const family = families.find((one) => one.id === id);
            if (family) edit({ coordinates: family.coordinates, imageRule: family.imageRule });
          }}
        />
      </div>
      <EndpointDetails spec={spec} edit={edit} setSpec={setSpec} problem={problem} />
      {tried && problems.size > 0 ? (
        <p className="bad" role="alert">
          {[...problems.values()].join('; ')}
        </p>
      ) : null}
      <FailureNote failure={save.failure} />
      <div className="row end">
        {state?.key === 'keychain' ? (
          <Button
            onClick={async () => {
              if (await save.run({ id: state.id, title: title.trim(), endpoint: spec, key: null })) onDone(state.id);
            }}
          >
            Forget the key
          </Button>
        ) : null}
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="filled" loading={save.busy}>
          Save
        </Button>
      </div>
    </form>
  );
}

function keyHint(keychain: FormProps['keychain'], state: EndpointState | undefined): string {
  if (!keychain.available) return keychain.reason ?? 'Keys cannot be kept here; use an environment variable.';
  if (state?.key === 'keychain') return "There is one in the system's keychain. It is never shown.";
  return "Kept in the system's keychain, never in a file. Leave it empty where the server wants none.";
}
