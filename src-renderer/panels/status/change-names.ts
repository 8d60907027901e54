/** @file Changes as people call them: `noun.verb` of the project's events in words. */

const names: Record<string, string> = {
  'query.add': 'adding the query',
  'query.edit': 'editing the query',
  'query.delete': 'deleting the query',
  'query.noTarget': '"nothing matches"',
  'query.ask': 'the answer of the model',
  'query.propose': 'the answer of the model',
  'query.rank': 'ordering the masks',
  'proposal.accept': 'accepting a mask',
  'proposal.acceptAll': 'accepting all masks',
  'proposal.reject': 'rejecting a mask',
  'instance.add': 'adding a mask',
  'instance.edit': 'editing a mask',
  'instance.delete': 'deleting a mask',
  'instance.link': 'linking a mask',
};

/** Words for a change; one that is not known is taken apart: `thing.do` becomes "thing, do". */
export const changeName = (what: string): string => names[what] ?? what.replaceAll('.', ', ');
