/**
 * Who tshark runs as when we are root: from 4.4 on it silently loads no Lua for root, nor for group 0. Any other pair
 * will do; this one is nobody's everywhere.
 */
export const UNPRIVILEGED = 65534;

/** Whether tshark may read only what everybody may read. */
export function runsUnprivileged(): boolean {
  return process.getuid?.() === 0;
}
