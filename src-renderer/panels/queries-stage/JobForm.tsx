/** @file Asking a model: which, with which templates, about which images; what it will cost is said before it starts. */
import { Button, Checkbox, NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import type { Input } from '../../../src-main/contract/api.ts';
import type { Estimate, Prices } from '../../../src-main/contract/generate.ts';
import { unfinished } from '../../document/writing.ts';
import { writeSettings } from '../../tools/settings.ts';
import { openSheet } from '../../tools/view.ts';
import { readGenerations } from '../../tools/writing-list.ts';
import { useApp, useAppState } from '../app-context.ts';
import { FailureNote, Note } from '../parts/FailureNote.tsx';
import { count, milliseconds } from '../parts/format.ts';
import { Section } from '../parts/Sheet.tsx';
import { useAnswer, useCall } from '../parts/use-call.ts';
import { amount } from './JobLine.tsx';

type Settings = Input<'generate.start'>;

export function JobForm() {
  const endpoints = useAnswer('endpoints.list', {});
  const app = useApp();
  const list = endpoints.value?.endpoints ?? [];
  if (endpoints.value && list.length === 0) {
    return (
      <div className="tab">
        <Note
          title="No endpoint is set up"
          hint="Queries are written by a model behind an OpenAI-compatible API: Ollama, vLLM, LM Studio or a hosted one. Without one, type queries (Q) or read a list."
        >
          <Button variant="filled" onClick={() => openSheet(app, 'models')}>
            Set up an endpoint
          </Button>
          <Button onClick={endpoints.again}>Look again</Button>
        </Note>
      </div>
    );
  }
  return (
    <div className="tab">
      <FailureNote failure={endpoints.failure} />
      {list.length > 0 ? (
        <Form endpoints={list.map(({ id, title, endpoint }) => ({ id, title, model: endpoint.model }))} />
      ) : null}
    </div>
  );
}

type FormProps = { readonly endpoints: readonly { id: string; title: string; model: string }[] };

function Form({ endpoints }: FormProps) {
  const app = useApp();
  const kept = useAppState((state) => state.settings.prices);
  const job = useAppState(({ writing }) => unfinished(writing));
  const last = useAppState(({ writing }) => writing.generations[0]?.settings);
  const openId = useAppState(({ writing }) => writing.open?.image.id ?? null);
  const [endpoint, setEndpoint] = useState(
    last && endpoints.some(({ id }) => id === last.endpoint) ? last.endpoint : endpoints[0]!.id,
  );
  const [templates, setTemplates] = useState<string[]>(last?.templates ?? ['attribute', 'spatial', 'context']);
  const [images, setImages] = useState<'unasked' | 'open' | 'all' | 'this'>('unasked');
  const [numbers, setNumbers] = useState({
    perImage: 3,
    minInstances: 1,
    parallel: 2,
    temperature: 0.8,
    maxSide: 768,
    seed: 1,
  });
  const [classes, setClasses] = useState<'main' | 'each'>('main');
  const [maxCost, setMaxCost] = useState<number | null>(null);
  const { model } = endpoints.find(({ id }) => id === endpoint)!;
  const prices = kept[model] ?? null;
  const settings: Settings = {
    ...numbers,
    endpoint,
    templates: templates.length > 0 ? templates : ['attribute'],
    images: images === 'this' ? [openId ?? 1] : images,
    classes,
    prices,
    maxCost: prices === null ? null : maxCost,
  };
  const start = useCall('generate.start');
  const number = (label: string, name: keyof typeof numbers, min: number, max: number, step = 1) => (
    <NumberInput
      label={label}
      min={min}
      max={max}
      step={step}
      value={numbers[name]}
      onChange={(value) => typeof value === 'number' && setNumbers({ ...numbers, [name]: value })}
    />
  );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void start.run(settings).then(() => readGenerations(app));
      }}
    >
      <div className="form">
        <Select
          label="Model"
          data={endpoints.map(({ id, title, model: name }) => ({ value: id, label: `${title} (${name})` }))}
          value={endpoint}
          onChange={(id) => id && setEndpoint(id)}
        />
        <Select
          label="Images"
          data={[
            { value: 'unasked', label: 'Not asked yet with these templates' },
            { value: 'open', label: 'Without any query' },
            { value: 'all', label: 'All, also those asked before' },
            ...(openId === null ? [] : [{ value: 'this', label: 'Only the one that is open' }]),
          ]}
          value={images}
          onChange={(value) => value && setImages(value as typeof images)}
        />
        {number('Candidates for each question', 'perImage', 1, 20)}
        <Select
          label="Asked about"
          data={[
            { value: 'main', label: 'the class with the most objects' },
            { value: 'each', label: 'each class in turn' },
          ]}
          value={classes}
          onChange={(value) => value && setClasses(value as typeof classes)}
        />
        {number('Objects of the class at least', 'minInstances', 1, 1000)}
        {number('Questions at once', 'parallel', 1, 16)}
      </div>
      <TemplateChoice chosen={templates} onChange={setTemplates} />
      <Costs
        model={model}
        prices={prices}
        onPrices={(value) => writeSettings(app, { prices: { ...kept, [model]: value } })}
        maxCost={maxCost}
        onMaxCost={setMaxCost}
      />
      <details className="details">
        <summary>Temperature, seed, size of the picture</summary>
        <div className="form">
          {number('Temperature', 'temperature', 0, 2, 0.1)}
          {number('Seed', 'seed', 0, 2 ** 31 - 1)}
          {number('Longer side as sent, in pixels', 'maxSide', 128, 4096, 64)}
        </div>
      </details>
      <div className="writing-start">
        {templates.length > 0 ? <EstimateLine settings={settings} /> : <p className="warn">Choose a template.</p>}
        <FailureNote failure={start.failure} />
        <div className="row">
          <Button type="submit" variant="filled" loading={start.busy} disabled={templates.length === 0 || job !== null}>
            Start
          </Button>
          {job ? (
            <span className="quiet">Generation {job.id} is not at its end: go on with it, or give it up.</span>
          ) : null}
        </div>
      </div>
    </form>
  );
}

function TemplateChoice({
  chosen,
  onChange,
}: {
  readonly chosen: string[];
  readonly onChange: (names: string[]) => void;
}) {
  const { value } = useAnswer('templates.list', {});
  return (
    <Checkbox.Group label="Templates" value={chosen} onChange={onChange}>
      <div className="template-choice">
        {(value?.templates ?? []).map(({ name, title, version, edited, builtIn }) => (
          <Checkbox
            key={name}
            value={name}
            title={name}
            label={`${title}${edited || !builtIn ? ` (version ${version})` : ''}`}
          />
        ))}
      </div>
    </Checkbox.Group>
  );
}

type CostsProps = {
  readonly model: string;
  readonly prices: Prices | null;
  readonly onPrices: (prices: Prices) => void;
  readonly maxCost: number | null;
  readonly onMaxCost: (limit: number | null) => void;
};

function Costs({ model, prices, onPrices, maxCost, onMaxCost }: CostsProps) {
  const price = (label: string, name: keyof Prices) => (
    <NumberInput
      label={label}
      description="for a million tokens"
      min={0}
      step={0.1}
      value={prices?.[name] ?? ''}
      onChange={(value) => typeof value === 'number' && onPrices({ input: 0, output: 0, ...prices, [name]: value })}
    />
  );
  return (
    <Section
      title={`Prices of ${model}`}
      note="In whatever currency you pay; kept for this model. A model of your own costs 0."
    >
      <div className="form">
        {price('Price of what is sent', 'input')}
        {price('Price of what is answered', 'output')}
        <NumberInput
          label="Pause before it costs more than"
          description="empty for no limit"
          min={0.0001}
          step={0.5}
          disabled={prices === null}
          value={maxCost ?? ''}
          onChange={(value) => onMaxCost(typeof value === 'number' && value > 0 ? value : null)}
        />
      </div>
    </Section>
  );
}

function EstimateLine({ settings }: { readonly settings: Settings }) {
  const { value, failure } = useAnswer('generate.plan', settings);
  if (failure) return <FailureNote failure={failure} />;
  if (!value) return <p className="quiet">Working out what it costs...</p>;
  return (
    <div className="card" role="status" aria-label="Estimate">
      <p>
        <strong className="number">{estimateText(value)}</strong>
      </p>
      <p className="quiet small">
        {value.basis === 'measured'
          ? 'From what this model has answered in this project.'
          : 'Worked out from the prompts; it gets exact with the first answers.'}
      </p>
      {value.leftOut.map(({ reason, images }) => (
        <p key={reason} className="quiet small">
          {count(images, 'image')} left out: {reason}
        </p>
      ))}
    </div>
  );
}

export function estimateText({ requests, images, inputTokens, outputTokens, cost, seconds }: Estimate): string {
  const parts = [
    `${count(requests, 'question')} on ${count(images, 'image')}`,
    `about ${(inputTokens + outputTokens).toLocaleString()} tokens`,
    cost === null ? 'no price given' : `cost about ${amount(cost)}`,
    seconds === null ? 'time known after the first answers' : `about ${milliseconds(1000 * seconds)}`,
  ];
  return parts.join(', ');
}
