/** The guide: "Pexip Infinity supports hardware versions 8 and later." (L234). */
export const LEAST_HARDWARE = 8;

/**
 * What virtual machines see of a CPU depends on their hardware version. The guide: "AVX2 instruction set requires ESXi
 * 6.0+ and VM hardware version 11+" (L236), "AVX512 instruction set requires ESXi 6.7+ and VM hardware version 14+" (L237).
 */
export const FEATURE_HARDWARE = {
  avx2: { esxi: [6, 0], least: 11 },
  avx512f: { esxi: [6, 7], least: 14 },
} as const;
