/** A virtual hardware version as a number, from `14`, `"14"` or `vmx-14`; null when it is none of these. */
export function hardwareVersion(value: string | number): number | null {
  const digits = /^(?:vmx-)?0*([1-9]\d?)$/i.exec(String(value).trim())?.[1];
  return digits === undefined ? null : Number(digits);
}
