import { launch, type LaunchResult } from './launch.ts';
import { withWorkspace, type Workspace } from './workspace.ts';

/** Loading takes a second or two, on a busy machine more. */
const SILENCE_LIMIT_SECONDS = 120;
/** The list of protocols, the longest answer asked for, has about 300 KB. */
const MAX_OUTPUT = 8 << 20;

export interface Answer extends LaunchResult {
  readonly stdout: string;
}

/** Asks tshark something about itself. `argumentsIn` may put files into the folder it runs in. */
export async function askTshark(
  location: string,
  argumentsIn: (workspace: Workspace) => Promise<readonly string[]>,
): Promise<Answer> {
  return withWorkspace(async (workspace) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const result = await launch(
      {
        location,
        arguments: await argumentsIn(workspace),
        folder: workspace.path,
        home: workspace.home,
        stdin: null,
        silenceLimitSeconds: SILENCE_LIMIT_SECONDS,
        signal: undefined,
      },
      (chunk) => {
        chunks.push(chunk);
        length += chunk.length;
        return length < MAX_OUTPUT;
      },
    );
    return { ...result, stdout: Buffer.concat(chunks).toString('utf8') };
  });
}
