/**
 * Which items of a category "drop lowest" leaves out: the set whose absence gives the category its highest percent.
 * That is not simply the lowest score. Of 80/100, 20/100 and 1/20 the lowest in points and percent is 1/20, yet without
 * it 50 % remain, and without 20/100 it is 67.5 %; and the best pair to drop need not hold the best single one. The exact
 * answer is a fractional programme, solved by Dinkelbach's iteration: guess the percent, drop the items that lie furthest
 * below it, take the percent that remains, and stop when it stays. It grows with each step, so it ends, after two to four.
 * Source: D. M. Kane, J. M. Kane, "Dropping Lowest Grades", Mathematics Magazine 79 (2006); Canvas follows it too.
 */

/** An item that may be dropped, in thousandths of a point; `possible` is above zero. */
export type Droppable = Readonly<{ index: number; earned: number; possible: number }>

/**
 * The indexes to drop, `count` of them but never the last item. `bonus` is extra credit of the same category: never
 * dropped, yet part of the percent. Products are exact up to 2^53, which is 200 items of 2,000 points each; beyond that
 * two choices that differ by less than a part in 10^15 may change places. Equal choices drop the smaller item, then the
 * later one, so that the order of the items changes no total.
 */
export function chooseDrops(items: readonly Droppable[], count: number, bonus: number): readonly number[] {
  const dropCount = Math.min(count, items.length - 1)
  if (dropCount <= 0) return []
  let guess = ratioWithout(items, items.slice(0, dropCount), bonus)
  for (;;) {
    const { earned, possible } = guess
    const distance = (item: Droppable) => item.earned * possible - item.possible * earned
    const dropped = [...items]
      .sort((a, b) => distance(a) - distance(b) || a.possible - b.possible || b.index - a.index)
      .slice(0, dropCount)
    const next = ratioWithout(items, dropped, bonus)
    if (next.earned * possible <= earned * next.possible) return dropped.map((item) => item.index)
    guess = next
  }
}

function ratioWithout(items: readonly Droppable[], dropped: readonly Droppable[], bonus: number) {
  const sum = (list: readonly Droppable[], key: 'earned' | 'possible') => list.reduce((total, item) => total + item[key], 0)
  return {
    earned: bonus + sum(items, 'earned') - sum(dropped, 'earned'),
    possible: sum(items, 'possible') - sum(dropped, 'possible'),
  }
}
