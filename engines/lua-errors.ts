import { EngineError } from './engine.ts';
import type { DissectedPacket } from './dissected.ts';

/** Failures of a plugin that packets show: they are told once the last packet is out. */
export class LuaErrors {
  #count = 0;
  #first: { readonly frame: number; readonly text: string } | null = null;

  note(packet: DissectedPacket): void {
    const error = packet.engineErrors.find((text) => text.startsWith('Lua'));
    if (error === undefined) return;
    this.#count++;
    this.#first ??= { frame: packet.frame, text: error };
  }

  /** @throws EngineError when a packet showed one */
  check(location: string): void {
    if (this.#first === null) return;
    const others = this.#count === 1 ? '' : ` (and in ${this.#count - 1} more packets)`;
    throw new EngineError(
      'lua-error',
      `In "${location}" the plugin failed in packet ${this.#first.frame}${others}: ${this.#first.text}`,
    );
  }
}
