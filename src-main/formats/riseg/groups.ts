/**
 * @file The six groups of classes that the paper names for RISeg (section 5). Which of COCO's twelve supercategories
 * belong to which group is not said there; this is our reading, by name.
 */
export const risegGroups = [
  'person',
  'animal',
  'food & kitchenware',
  'object & furniture',
  'transport & outdoor',
  'others',
] as const;
export type RisegGroup = (typeof risegGroups)[number];

const groups: Readonly<Record<string, RisegGroup>> = {
  person: 'person',
  animal: 'animal',
  food: 'food & kitchenware',
  kitchen: 'food & kitchenware',
  furniture: 'object & furniture',
  appliance: 'object & furniture',
  electronic: 'object & furniture',
  indoor: 'object & furniture',
  vehicle: 'transport & outdoor',
  outdoor: 'transport & outdoor',
};

/** The group of a supercategory by its name; "others" for what the paper's list has no place for (sports, accessory). */
export const risegGroupOf = (supercategory: string): RisegGroup => {
  const name = supercategory.trim().toLowerCase();
  return groups[name] ?? risegGroups.find((group) => group === name) ?? 'others';
};
