/** How a proof is printed for people. */
export interface ProofView {
  readonly color: boolean;
  readonly width: number;
  /** Without what needs no attention. */
  readonly isBrief: boolean;
}
