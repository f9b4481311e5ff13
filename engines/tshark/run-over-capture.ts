import type { DissectRequest } from '../engine.ts';
import { readingOptions } from './arguments.ts';
import { openCapture } from './capture-input.ts';
import { launch, type LaunchResult } from './launch.ts';
import { withWorkspace } from './workspace.ts';

/** A first pass over gigabytes says nothing for minutes. */
const SILENCE_LIMIT_SECONDS = 600;

/** Runs tshark over the request's capture, with its plugins. What it writes goes to `onOutput`; false: enough. */
export async function runOverCapture(
  location: string,
  request: DissectRequest,
  output: readonly string[],
  onOutput: (chunk: Buffer) => boolean,
): Promise<LaunchResult> {
  return withWorkspace(async (workspace) => {
    const plugins: string[] = [];
    for (const plugin of request.plugins) plugins.push(await workspace.add(plugin.path));
    const keylog = request.keylog === undefined ? null : await workspace.addSecret(request.keylog);
    const input = await openCapture(request.capture, request.twoPass, workspace);
    try {
      return await launch(
        {
          location,
          arguments: [...readingOptions(request, { capture: input.path, plugins, keylog }), ...output],
          folder: workspace.path,
          home: workspace.home,
          stdin: input.stdin,
          silenceLimitSeconds: request.silenceLimitSeconds ?? SILENCE_LIMIT_SECONDS,
          signal: request.signal,
        },
        onOutput,
      );
    } finally {
      await input.close();
    }
  });
}
