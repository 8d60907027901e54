/** @file Words for what was done, as people say it: for the undo button, its notice, and lists. */

const names: Readonly<Record<string, string>> = {
  'query.add': 'adding a query',
  'query.edit': 'editing a query',
  'query.delete': 'deleting a query',
  'query.no-target': '"nothing matches"',
  'query.target': 'taking back "nothing matches"',
  'query.propose': 'an answer of the model',
  'query.rank': 'ranking masks',
  'proposal.accept': 'accepting a mask',
  'proposal.accept-all': 'accepting masks',
  'proposal.acceptAll': 'accepting masks',
  'proposal.reject': 'rejecting a mask',
  'instance.add': 'adding a mask',
  'instance.edit': 'changing a mask',
  'instance.mask': 'changing a mask',
  'instance.delete': 'deleting a mask',
  'instance.link': 'adding a mask to the answer',
  'instance.unlink': 'taking a mask out of the answer',
  'review.add': 'a verdict',
  'review.decide': 'a decision between verdicts',
  'query.split': 'splitting a query',
  'query.align': 'confirming masks',
  'category.add': 'adding a category',
};

/** @param what noun.verb, as in events and in the history of an image. */
export const describeChange = (what: string): string => names[what] ?? what.replace('.', ': ').replaceAll('-', ' ');
