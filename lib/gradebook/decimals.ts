/**
 * Exact decimals as the grading engine counts them. Points and weights have at most three decimals and nine digits
 * (numeric(9,3) in the database), so a thousandth is a whole number that a double holds exactly, and so are sums of
 * millions of them. Quotients are taken once, at the end, on BigInt. Pure and shared with the browser.
 */

/** '8.5' -> 8500. Throws RangeError on what is not a number or has more than three decimals. */
export function toThousandths(text: string): number {
  const scaled = Number(text) * 1000
  const whole = Math.round(scaled)
  if (text.trim() === '' || !(Math.abs(scaled - whole) < 1e-4)) throw new RangeError('not a decimal with up to three places')
  return whole
}

/** 8500 -> '8.5': the canonical text, without trailing zeros and never '-0'. */
export function fromThousandths(thousandths: number): string {
  const digits = String(Math.abs(thousandths)).padStart(4, '0')
  const fraction = digits.slice(-3).replace(/0+$/, '')
  return `${thousandths < 0 ? '-' : ''}${digits.slice(0, -3)}${fraction === '' ? '' : `.${fraction}`}`
}

/** A quotient that is not rounded yet. The denominator is above zero. */
export type Fraction = Readonly<{ over: bigint; under: bigint }>

/** A fraction as a percent with one decimal, rounded half up (87.25 % -> '87.3'), as on the printed report. */
export function percentOfFraction({ over, under }: Fraction): string {
  const tenths = floorDivide(over * 2000n + under, under * 2n)
  const digits = String(tenths < 0n ? -tenths : tenths).padStart(2, '0')
  return `${tenths < 0n ? '-' : ''}${digits.slice(0, -1)}.${digits.slice(-1)}`
}

function floorDivide(over: bigint, under: bigint): bigint {
  const quotient = over / under
  return over < 0n && quotient * under !== over ? quotient - 1n : quotient
}
