import { describe, expect, test } from 'vitest';
import { endpointSchema } from '../../src-main/contract/pack.ts';
import { conventions, presetFor } from '../../src-main/engine/endpoint/conventions.ts';
import {
  families,
  familyOf,
  familyOfSpec,
  servers,
  specOf,
} from '../../src-renderer/panels/sheets/endpoint-presets.ts';
import { idFor, problemsOf, withOptional } from '../../src-renderer/panels/sheets/endpoint-spec.ts';

describe('presets of the endpoint form', () => {
  test('each server but the hosted one can be saved as it is', () => {
    for (const server of servers.filter(({ needsKey }) => !needsKey)) {
      expect(endpointSchema.safeParse(specOf(server)).success, server.id).toBe(true);
    }
  });

  test('the hosted one asks for address and model', () => {
    const hosted = servers.find(({ needsKey }) => needsKey)!;
    expect([...problemsOf(specOf(hosted), hosted.title).keys()].sort()).toEqual(['baseUrl', 'model']);
  });

  test.each([
    'qwen2.5vl:7b',
    'Qwen/Qwen2.5-VL-7B-Instruct',
    'Qwen/Qwen3-VL-8B-Instruct',
    'gemini-2.5-pro',
    'gemma3:12b',
    'claude-sonnet-4-5',
    'allenai/Molmo-7B-D-0924',
    'something-else',
  ])('%s writes coordinates as the engine says', (model) => {
    const expected = conventions[presetFor(model)];
    const family = familyOf(model);
    expect(family.coordinates).toEqual(expected.coordinates);
    expect(family.imageRule).toEqual(expected.imageRule);
  });

  test('the form finds the family of a spec again, and says when numbers were set by hand', () => {
    const spec = specOf(servers[0]!);
    expect(familyOfSpec(spec)).toBe('qwen2.5-vl');
    expect(familyOfSpec({ ...spec, coordinates: { ...spec.coordinates, order: 'yx' } })).toBeNull();
    for (const family of families) {
      const { coordinates, imageRule } = family;
      const found = familyOfSpec({ ...spec, model: 'x', coordinates, imageRule });
      expect(families.find(({ id }) => id === found)?.coordinates, family.id).toEqual(coordinates);
    }
  });
});

describe('values of the endpoint form', () => {
  test('ids are made from names, and none twice', () => {
    expect(idFor('Qwen on Ollama!', [])).toBe('qwen-on-ollama');
    expect(idFor('Ollama', ['ollama', 'ollama-2'])).toBe('ollama-3');
    expect(idFor('서버', [])).toBe('endpoint');
  });

  test('an empty field is absent', () => {
    const spec = specOf(servers[0]!);
    expect(withOptional(spec, 'keyVariable', 'MY_KEY').keyVariable).toBe('MY_KEY');
    expect('keyVariable' in withOptional({ ...spec, keyVariable: 'MY_KEY' }, 'keyVariable', '')).toBe(false);
  });

  test('a question without {query} is refused in words', () => {
    expect(problemsOf({ ...specOf(servers[0]!), prompt: 'Find it' }, 'x').get('prompt')).toContain('{query}');
  });
});
