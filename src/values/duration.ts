const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration such as `4h` or `7d`, in ms; null for any other text. */
export function parseDuration(text: string): number | null {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined || Number(amount) === 0) return null;
  return Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}
