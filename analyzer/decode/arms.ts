/** What was read by a switch: the position of the arm, or one of these. */
export const FALLBACK_ARM = -1;
/** No arm fits, and there is no fallback: nothing was read. */
export const NO_ARM = -2;
