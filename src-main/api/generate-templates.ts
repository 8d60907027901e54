/** @file Templates as a project has them: its own, and the built-in ones that it has not changed. */
import { AppError } from '../contract/errors.ts';
import type { Template } from '../contract/generate.ts';
import type { generateMethods } from '../contract/methods-generate.ts';
import type { Actor } from '../contract/records.ts';
import { templateProblems } from '../dataset/templates.ts';
import { builtInTemplates } from '../dataset/templates-builtin.ts';
import {
  isSame,
  newestTemplates,
  type StoredTemplate,
  saveTemplate,
  templateVersions,
} from '../store/generation-templates.ts';
import type { Db } from '../store/statements.ts';
import { actorOf } from './changed.ts';
import type { Handlers } from './dispatcher.ts';
import { openSession, type Services } from './services.ts';

const builtInOf = (name: string) => builtInTemplates.find((each) => each.name === name);

function shown(stored: StoredTemplate): Template {
  const builtIn = builtInOf(stored.name);
  return { ...stored, builtIn: builtIn !== undefined, edited: builtIn !== undefined && !isSame(builtIn, stored) };
}

/** All templates, built-in ones first, each as its newest version. */
export function listTemplates(db: Db): Template[] {
  const stored = newestTemplates(db);
  const builtIn = builtInTemplates.map((text): Template => {
    const own = stored.find(({ name }) => name === text.name);
    if (own) return shown(own);
    return { ...text, id: null, version: 1, builtIn: true, edited: false, at: null, who: '' };
  });
  return [...builtIn, ...stored.filter(({ name }) => !builtInOf(name)).map(shown)];
}

/** The templates of these names. @throws AppError not-found, naming those that there are. */
export function templatesNamed(db: Db, names: readonly string[]): Template[] {
  const known = listTemplates(db);
  return [...new Set(names)].map((name) => {
    const found = known.find((template) => template.name === name);
    if (found) return found;
    throw new AppError('not-found', `There is no template "${name}".`, {
      hint: `There are: ${known.map((template) => template.name).join(', ')}.`,
    });
  });
}

/** The template with a number: one that was only built in is stored now, so that what it made keeps its words. */
export const storedTemplate = (db: Db, template: Template, actor: Actor): StoredTemplate =>
  template.id === null ? saveTemplate(db, template, actor) : (template as StoredTemplate);

type TemplateMethod = Extract<keyof typeof generateMethods, `templates.${string}`>;

export function templateHandlers(services: Services): Pick<Handlers, TemplateMethod> {
  const open = () => openSession(services).project.db;
  return {
    'templates.list': async () => ({ templates: listTemplates(open()) }),
    'templates.save': async (text) => {
      const problems = templateProblems(text.body);
      if (problems.length > 0) throw new AppError('bad-request', problems.join(' '));
      const known = builtInOf(text.name);
      // The built-in words are version 1 of their name, so that an edit can be compared with what it was made from.
      if (known && templateVersions(open(), text.name).length === 0) saveTemplate(open(), known, {});
      return { template: shown(saveTemplate(open(), text, actorOf(services))) };
    },
    'templates.versions': async ({ name }) => {
      const versions = templateVersions(open(), name).map(shown);
      return { versions: versions.length > 0 ? versions : templatesNamed(open(), [name]) };
    },
  };
}
