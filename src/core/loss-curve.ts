// How a network learned, for those who draw it.

/** The mean loss at steps of a training, which ascend. */
export type LossCurve = readonly { readonly step: number; readonly loss: number }[];
