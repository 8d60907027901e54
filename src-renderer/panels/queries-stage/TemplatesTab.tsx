/** @file Templates: chosen, edited into a new version, and shown as the open image would be asked. */
import { Button, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Template, TemplateText } from '../../../src-main/contract/generate.ts';
import { useAppState } from '../app-context.ts';
import { FailureNote } from '../parts/FailureNote.tsx';
import { Section } from '../parts/Sheet.tsx';
import { useAnswer, useCall } from '../parts/use-call.ts';

export function TemplatesTab() {
  const { value, failure, again } = useAnswer('templates.list', {});
  const [name, setName] = useState('attribute');
  const templates = value?.templates ?? [];
  const template = templates.find((each) => each.name === name) ?? templates[0];
  return (
    <div className="tab">
      <FailureNote failure={failure} />
      {template ? (
        <>
          <Select
            label="Template"
            data={templates.map((each) => ({
              value: each.name,
              label: `${each.title} (${each.name}, version ${each.version})`,
            }))}
            value={template.name}
            onChange={(next) => next && setName(next)}
          />
          <Editor
            key={`${template.name} ${template.version}`}
            template={template}
            onSaved={(saved) => {
              again();
              setName(saved);
            }}
          />
        </>
      ) : null}
    </div>
  );
}

const help =
  '{caption} the captions, {objects} the numbered list of objects, {class} what is asked about, {count} how many there are, {wanted} how many queries are wanted. The form of the answer is added by itself.';

function Editor({ template, onSaved }: { readonly template: Template; readonly onSaved: (name: string) => void }) {
  const { name, title, reasoningType, form, body } = template;
  const [text, setText] = useState<TemplateText>({ name, title, reasoningType, form, body });
  const save = useCall('templates.save');
  const isOther =
    text.body !== body || text.title !== title || text.form !== form || text.reasoningType !== reasoningType;
  const edit = (change: Partial<TemplateText>) => setText({ ...text, ...change });
  return (
    <>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save.run(text).then((saved) => saved && onSaved(saved.template.name));
        }}
      >
        <Textarea
          label="Prompt"
          description={help}
          autosize
          minRows={8}
          maxRows={18}
          value={text.body}
          onChange={(e) => edit({ body: e.target.value })}
        />
        <div className="form">
          <TextInput label="Title" value={text.title} onChange={(e) => edit({ title: e.target.value })} />
          <TextInput
            label="Name"
            description="another one makes a template of its own"
            value={text.name}
            onChange={(e) => edit({ name: e.target.value.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-') })}
          />
        </div>
        <div className="row wrap">
          <SegmentedControl
            aria-label="Form"
            size="xs"
            data={[
              { value: 'short', label: 'Short' },
              { value: 'long', label: 'Long' },
            ]}
            value={text.form}
            onChange={(value) => edit({ form: value })}
          />
          <SegmentedControl
            aria-label="Reasoning"
            size="xs"
            data={[
              { value: 'none', label: '-' },
              { value: 'attribute', label: 'Attribute' },
              { value: 'spatial', label: 'Spatial' },
              { value: 'context', label: 'Context' },
            ]}
            value={text.reasoningType ?? 'none'}
            onChange={(value) => edit({ reasoningType: value === 'none' ? null : value })}
          />
          <span className="grow" />
          <Button type="submit" variant="filled" disabled={!isOther && text.name === name} loading={save.busy}>
            {text.name === name
              ? `Save as version ${template.id === null ? 2 : template.version + 1}`
              : 'Save as a new template'}
          </Button>
        </div>
        <FailureNote failure={save.failure} />
      </form>
      <Preview template={name} body={text.body} />
      <Versions name={name} onUse={(old) => edit(old)} />
    </>
  );
}

function Preview({ template, body }: { readonly template: string; readonly body: string }) {
  const imageId = useAppState(({ writing }) => writing.open?.image.id ?? writing.images?.[0]?.id ?? null);
  if (imageId === null)
    return <p className="quiet">Choose "All" on the left and open an image: what it would be asked is shown here.</p>;
  return <PreviewOf imageId={imageId} template={template} body={body} />;
}

function PreviewOf({
  imageId,
  template,
  body,
}: {
  readonly imageId: number;
  readonly template: string;
  readonly body: string;
}) {
  const { value, failure } = useAnswer('generate.preview', { imageId, template, body });
  return (
    <Section title="What the open image would be asked">
      <FailureNote failure={failure} />
      {value?.problems.map((problem) => (
        <p key={problem} className="warn">
          {problem}
        </p>
      ))}
      {value ? (
        <>
          <p className="quiet small number">
            The picture with {value.width} x {value.height} pixels, and about {value.inputTokens.toLocaleString()}{' '}
            tokens in all
          </p>
          <pre className="prompt-preview">{value.prompt}</pre>
        </>
      ) : null}
    </Section>
  );
}

function Versions({ name, onUse }: { readonly name: string; readonly onUse: (text: Partial<TemplateText>) => void }) {
  const { value } = useAnswer('templates.versions', { name });
  const versions = value?.versions ?? [];
  if (versions.length < 2) return null;
  return (
    <details className="details">
      <summary>{versions.length} versions</summary>
      <ul className="stack">
        {versions.map(({ version, at, who, title, reasoningType, form, body }) => (
          <li key={version} className="row">
            <span className="grow">
              Version {version}
              {at === null ? '' : `, ${new Date(at).toLocaleString()}`}
              {who ? `, ${who}` : ''}
            </span>
            <Button size="xs" onClick={() => onUse({ title, reasoningType, form, body })}>
              Take its words
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
