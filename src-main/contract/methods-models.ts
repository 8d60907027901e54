/** @file Methods on model packs, endpoints, settings and the keychain. */
import { z } from 'zod';
import { endpointSchema } from './pack.ts';
import { settingSchemas, settingsEditSchema } from './settings.ts';

const packStateSchema = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.string(),
  licence: z.string(),
  source: z.string(),
  /** Bytes of all files. */
  size: z.number(),
  bundled: z.boolean(),
  folder: z.string(),
  state: z.enum(['ready', 'unverified', 'damaged']),
});

const bytesSchema = z.object({ file: z.string(), done: z.number(), total: z.number() });

/** An endpoint as a page sees it: its key is never told, only whether there is one. */
export const endpointStateSchema = z.object({
  id: z.string(),
  title: z.string(),
  endpoint: endpointSchema,
  /** Where its key comes from: the keychain, an environment variable (set or not), or it has none. */
  key: z.enum(['keychain', 'environment', 'none']),
  /** False where the variable that holds its key is not set and the keychain has none. */
  ready: z.boolean(),
  /** It came with the application: it cannot be changed or taken out. */
  bundled: z.boolean(),
});
export type EndpointState = z.infer<typeof endpointStateSchema>;

/** Something that can be asked in words. */
export const reasonerSchema = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.string(),
  ready: z.boolean(),
  /** What a model that runs here knows, for people; endpoints do not say. */
  domain: z.string().optional(),
  /** Answers whose best score is lower are doubtful: the pack says so, endpoints do not. */
  doubtfulBelow: z.number().optional(),
});
export type Reasoner = z.infer<typeof reasonerSchema>;

const settingsShape = z.object(settingSchemas);

export const modelMethods = {
  'models.list': {
    input: z.object({}),
    output: z.object({
      packs: z.array(packStateSchema),
      /** Folders whose manifest cannot be used. */
      broken: z.array(z.object({ folder: z.string(), message: z.string() })),
      /** Packs that the catalogue offers. */
      offered: z.array(z.object({ id: z.string(), title: z.string(), licence: z.string(), bytes: z.number() })),
      /** What is wrong with the catalogue. */
      problems: z.array(z.string()),
    }),
  },
  'models.verify': {
    input: z.object({ id: z.string() }),
    output: z.object({ id: z.string(), bytes: z.number() }),
    progress: bytesSchema,
  },
  'models.add': {
    /** A folder by its path (on the user's behalf) or by a handle of `folders.list`. */
    input: z.object({
      folder: z.string().min(1),
      handle: z.boolean().default(false),
      replace: z.boolean().default(false),
    }),
    output: z.object({ id: z.string(), folder: z.string() }),
    progress: bytesSchema,
  },
  'models.download': {
    input: z.object({ id: z.string(), replace: z.boolean().default(false) }),
    output: z.object({ id: z.string(), folder: z.string() }),
    progress: bytesSchema,
  },
  'endpoint.test': {
    /** The id of an endpoint pack, or an endpoint that is being set up. */
    input: z.object({ endpoint: z.union([z.string(), endpointSchema]) }),
    output: z.object({
      url: z.string(),
      model: z.string(),
      listed: z.boolean().nullable(),
      answer: z.string(),
      ms: z.number(),
    }),
  },
  'endpoints.list': {
    input: z.object({}),
    output: z.object({
      endpoints: z.array(endpointStateSchema),
      /** Whether keys can be kept here; if not, why, and what to do instead. */
      keychain: z.object({ available: z.boolean(), reason: z.string().nullable() }),
    }),
  },
  /**
   * Makes an endpoint pack of the user's, or changes one. `key` goes to the keychain; null takes it out of there. A key
   * that is kept is for the server that it was given for: another address needs it again.
   */
  'endpoints.save': {
    input: z.object({
      id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
      title: z.string().min(1).max(200),
      endpoint: endpointSchema,
      key: z.string().max(10_000).nullable().optional(),
    }),
    output: endpointStateSchema,
  },
  'endpoints.remove': { input: z.object({ id: z.string() }), output: z.object({}) },
  /**
   * What a query can be put to: the ready ones first, of those the models that run here, of those the bundled ones.
   * `chosen` is the one that a query goes to which names none (contract/chosen-reasoner.ts); null where none is ready.
   */
  'reasoners.list': {
    input: z.object({}),
    output: z.object({ reasoners: z.array(reasonerSchema), chosen: z.string().nullable() }),
  },
  'settings.read': { input: z.object({}), output: settingsShape },
  /** Changes the settings that are named; answers all of them. Other pages hear `settings.changed`. */
  'settings.write': { input: settingsEditSchema, output: settingsShape },
} as const;
