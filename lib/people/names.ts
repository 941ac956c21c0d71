/**
 * How people's names are written and put in order. Pure, shared with the browser.
 */

/** A name in its two parts; either may be empty, not both. */
export type NameParts = Readonly<{ lastName: string; firstName: string }>

/** As lists write it, in the order they are sorted by: 'Smith, Alice'. */
export function listName({ lastName, firstName }: NameParts): string {
  return [lastName, firstName].filter((part) => part !== '').join(', ')
}

/** As a page addresses a person: 'Alice Smith'. */
export function fullName({ lastName, firstName }: NameParts): string {
  return [firstName, lastName].filter((part) => part !== '').join(' ')
}

/**
 * Order by last name, then first name, then id, in the alphabet of `locale`: the same on every machine, and people of one
 * name keep their order.
 */
export function compareByName(locale: string): (a: NameParts & { id: string }, b: NameParts & { id: string }) => number {
  const { compare } = new Intl.Collator([locale, 'en'])
  return (a, b) => compare(a.lastName, b.lastName) || compare(a.firstName, b.firstName) || (a.id < b.id ? -1 : 1)
}
