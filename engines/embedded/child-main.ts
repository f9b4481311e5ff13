import type { DissectedPacket } from '../dissected.ts';
import { EngineError } from '../engine.ts';
import { FieldNames } from './field-names.ts';
import { FrameReader } from './frame-packet.ts';
import { type Answer, type Job, type JobRequest } from './messages.ts';
import { loadWireshark, openCapture, openWireshark } from './open-wireshark.ts';
import { listOf, type Session, type Wiregasm } from './wiregasm.ts';

/** Packets sent at once; the next are made when the parent is done with these. */
const BATCH = 64;
/** The package says so nowhere: `_VERSION` of its Lua, as a plugin sees it. */
const LUA_VERSION = '5.4';

/** The embedded engine's own process: Wireshark's licence and memory stay in it. It does one job and ends. */
process.once('message', (job) => {
  void work(job as Job).finally(() => {
    process.disconnect();
  });
});

async function work(job: Job): Promise<void> {
  try {
    await answer(job);
  } catch (error) {
    const code = error instanceof EngineError ? error.code : 'engine-failed';
    const message = error instanceof Error ? error.message : String(error);
    await send({ kind: 'error', code, message });
  }
}

async function answer(job: Job): Promise<void> {
  switch (job.kind) {
    case 'version': {
      const wiregasm = await loadWireshark(() => undefined);
      return send({ kind: 'version', version: wiregasm.wiresharkVersion(), lua: LUA_VERSION });
    }
    case 'check-plugin':
      await openWireshark([job.plugin], { preferences: {}, decodeAs: [] });
      return send({ kind: 'plugin-loaded' });
    case 'matching-frames':
    case 'dissect':
      return dissect(job.request, job.kind === 'dissect');
  }
}

async function dissect(request: JobRequest, wantsPackets: boolean): Promise<void> {
  const wiregasm = await openWireshark(request.plugins, request);
  const filter = checkedFilter(wiregasm, request.filter);
  const { session, packets, cut } = await openCapture(wiregasm, request.capture);
  const frames =
    filter === '' ? Array.from({ length: packets }, (_, index) => index + 1) : matching(session, filter);
  if (wantsPackets)
    await sendPackets(new FrameReader(session, new FieldNames(wiregasm), request.layers), frames);
  else await send({ kind: 'frames', frames });
  await send({
    kind: 'end',
    end: cut === null ? { kind: 'complete' } : { kind: 'capture-cut', message: cut },
  });
}

function checkedFilter(wiregasm: Wiregasm, filter: string | null): string {
  if (filter === null) return '';
  const { ok, error } = wiregasm.checkFilter(filter);
  if (!ok) throw new EngineError('engine-failed', `"${filter}" is no display filter: ${error}`);
  return filter;
}

function matching(session: Session, filter: string): number[] {
  return listOf(session.getFrames(filter, 0, 0).frames).map(({ number }) => number);
}

async function sendPackets(reader: FrameReader, frames: readonly number[]): Promise<void> {
  for (let start = 0; start < frames.length; start += BATCH) {
    const packets: DissectedPacket[] = frames.slice(start, start + BATCH).map((frame) => reader.read(frame));
    const isRead = new Promise((resolve) => process.once('message', resolve));
    await send({ kind: 'packets', packets });
    await isRead;
  }
}

function send(answer: Answer): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(answer, undefined, {}, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
