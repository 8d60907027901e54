/**
 * @file The templates that come with the application: RISeg's three kinds of reasoning (paper, section 5), each as long
 * questions and as short phrases, and one for photos without labels. A project keeps the version it has used, so a
 * change here never rewrites where a query came from.
 */
import type { TemplateText } from '../contract/generate.ts';

const given = `You help to build a data set for reasoning segmentation: people will be shown a photo and a query, and have to mark exactly the things that the query means.

What is known about this photo
Captions: {caption}
Labelled objects:
{objects}

Write {wanted} different queries. Each must mean one or more of the {count} objects of the class "{class}", and nothing else in the photo.`;

const rules = `Rules
- Who reads a query must look at the photo and think before they know what is meant.
- Do not name the class "{class}", and no other word for it.
- Do not mention the list, its numbers, boxes or coordinates: the reader sees only the photo.
- It must be clear from the photo alone which objects are meant. Several of them are better than one, where that is true.
- Do not ask for a number, and not what can be answered with yes or no.`;

const long = `- Each query is a question or an instruction of 10 to 30 words, in plain English. It may begin with a sentence that describes a situation.`;
const short = `- Each query is a phrase of 3 to 9 words in plain English, such as one would type into a search box. No full sentence, no question mark.`;

const attribute = `The reasoning: attributes. Ask through what the objects are like or good for: material, shape, colour, size, state, what they hold, what one can do with them, what they are made for.`;
const spatial = `The reasoning: space. Ask through where the objects are: what they are next to, on, under, behind or between, who is nearest, what is in the foreground, in which order they stand, what they touch or hide. Describe the other things freely.`;
const context = `The reasoning: context. Ask through the situation: what is happening, what came before, what somebody there needs or wants to do next, what knowledge of the world tells about the scene.`;

const write = (kind: string, form: string) => `${given}\n\n${kind}\n\n${rules}\n${form}`;

const free = `You help to build a data set for reasoning segmentation: people will be shown a photo and a query, and have to mark exactly the things that the query means.

Captions: {caption}

Look for things in this photo that appear several times, or that have a clear use or role. Write {wanted} different queries, each of which means one or more such things and nothing else in the photo.

Rules
- Who reads a query must look at the photo and think before they know what is meant: ask through attributes, through space, or through the situation.
- Do not name the things themselves.
- It must be clear from the photo alone which things are meant.
- Do not ask for a number, and not what can be answered with yes or no.
${long}`;

export const builtInTemplates: readonly TemplateText[] = [
  {
    name: 'attribute',
    title: 'Attributes, long',
    reasoningType: 'attribute',
    form: 'long',
    body: write(attribute, long),
  },
  { name: 'spatial', title: 'Space, long', reasoningType: 'spatial', form: 'long', body: write(spatial, long) },
  { name: 'context', title: 'Context, long', reasoningType: 'context', form: 'long', body: write(context, long) },
  {
    name: 'attribute-short',
    title: 'Attributes, short',
    reasoningType: 'attribute',
    form: 'short',
    body: write(attribute, short),
  },
  {
    name: 'spatial-short',
    title: 'Space, short',
    reasoningType: 'spatial',
    form: 'short',
    body: write(spatial, short),
  },
  {
    name: 'context-short',
    title: 'Context, short',
    reasoningType: 'context',
    form: 'short',
    body: write(context, short),
  },
  { name: 'free', title: 'Without labels, long', reasoningType: null, form: 'long', body: free },
];
