/** @file The rarely needed part of an endpoint's form: how places and images are written, the question, the budget. */
import { NumberInput, Select, Textarea } from '@mantine/core';
import type { EndpointSpec } from '../../../src-main/contract/pack.ts';
import { withOptional } from './endpoint-spec.ts';

type DetailsProps = {
  readonly spec: EndpointSpec;
  readonly edit: (change: Partial<EndpointSpec>) => void;
  readonly setSpec: (spec: EndpointSpec) => void;
  readonly problem: (path: string) => string | null;
};

export function EndpointDetails({ spec, edit, setSpec, problem }: DetailsProps) {
  const { coordinates, imageRule, budget } = spec;
  const places = (change: Partial<typeof coordinates>) => edit({ coordinates: { ...coordinates, ...change } });
  return (
    <details className="details">
      <summary>Coordinates, image size, question and limits</summary>
      <div className="form">
        <Select
          label="Coordinates"
          data={[
            { value: 'relative', label: 'Relative to the image' },
            { value: 'pixels', label: 'Pixels of the image as sent' },
          ]}
          value={coordinates.space}
          onChange={(space) => space && places({ space })}
        />
        <Whole
          label="Value of the far edge"
          value={coordinates.scale}
          disabled={coordinates.space === 'pixels'}
          onChange={(scale) => places({ scale })}
        />
        <Select
          label="Order"
          data={[
            { value: 'xy', label: 'x first' },
            { value: 'yx', label: 'y first' },
          ]}
          value={coordinates.order}
          onChange={(order) => order && places({ order })}
        />
        <Select
          label="Boxes"
          data={[
            { value: 'xyxy', label: 'Two corners' },
            { value: 'xywh', label: 'Corner, width, height' },
          ]}
          value={coordinates.boxForm}
          onChange={(boxForm) => boxForm && places({ boxForm })}
        />
        <Whole
          label="Image sides are multiples of"
          value={imageRule.multipleOf}
          onChange={(multipleOf) => edit({ imageRule: { ...imageRule, multipleOf } })}
        />
        <Whole
          label="Least pixels of an image"
          value={imageRule.minPixels}
          onChange={(minPixels) => edit({ imageRule: { ...imageRule, minPixels } })}
        />
        <Whole
          label="Most pixels of an image"
          value={imageRule.maxPixels}
          onChange={(maxPixels) => edit({ imageRule: { ...imageRule, maxPixels } })}
        />
        <Whole
          label="Longest side (0: no limit)"
          min={0}
          value={imageRule.maxSide ?? 0}
          onChange={(maxSide) => {
            const { maxSide: _, ...rest } = imageRule;
            edit({ imageRule: maxSide > 0 ? { ...rest, maxSide } : rest });
          }}
        />
        <Whole
          label="Tokens of an answer, at most"
          value={budget.maxTokens}
          onChange={(maxTokens) => edit({ budget: { ...budget, maxTokens } })}
        />
        <Whole
          label="Questions for one query, at most"
          value={budget.maxRounds}
          onChange={(maxRounds) => edit({ budget: { ...budget, maxRounds } })}
        />
        <Whole
          label="Seconds for one query, at most"
          value={budget.maxSeconds}
          onChange={(maxSeconds) => edit({ budget: { ...budget, maxSeconds } })}
        />
        <Textarea
          className="wide"
          label="Question"
          description="With {query} for the annotator's text; {width} and {height} of the image as sent. Empty: one that fits the coordinates."
          rows={4}
          value={spec.prompt ?? ''}
          error={problem('prompt')}
          onChange={(e) => setSpec(withOptional(spec, 'prompt', e.target.value))}
        />
      </div>
    </details>
  );
}

type WholeProps = {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
};

function Whole({ label, value, min = 1, disabled = false, onChange }: WholeProps) {
  return (
    <NumberInput
      label={label}
      value={value}
      min={min}
      disabled={disabled}
      allowDecimal={false}
      thousandSeparator=" "
      hideControls
      onChange={(next) => {
        if (typeof next === 'number') onChange(next);
      }}
    />
  );
}
