/** How to print a proof for people. */
export interface ProofView {
  readonly color: boolean;
  readonly width: number;
  /** Omits what needs no attention. */
  readonly isBrief: boolean;
}
