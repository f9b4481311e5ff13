import { compileSpec, formatDiagnostic, type Protocol } from '../../../spec/index.ts';
import { createDecoder, type Decoder, type DecoderOptions } from '../index.ts';

/** A decoder for a spec written in a test. */
export function decoderOf(ksy: string, options: DecoderOptions = {}): Decoder {
  return createDecoder(protocolOf(ksy), options);
}

export function protocolOf(ksy: string): Protocol {
  const { protocol, diagnostics } = compileSpec({ main: { name: 'test.ksy', text: ksy } });
  if (protocol === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return protocol;
}
