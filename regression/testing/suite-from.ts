import { compileSpec, formatDiagnostic } from '../../spec/index.ts';
import { readSuite, type SuiteRead } from '../suite/read-suite.ts';
import type { Suite } from '../suite/suite.ts';

/** A suite from two texts, as if they were files beside one another. */
export function readSuiteFrom(ksy: string, tests: string): SuiteRead {
  return readSuite({ name: 'beacon.tests.yaml', text: tests }, ({ bind }) => {
    const { protocol, diagnostics } = compileSpec({
      main: { name: 'beacon.ksy', text: ksy },
      bind: { tcp: [...bind.tcp], udp: [...bind.udp] },
    });
    if (protocol === undefined) throw new Error(diagnostics.map(formatDiagnostic).join(''));
    return protocol;
  });
}

export function suiteFrom(ksy: string, tests: string): Suite {
  const { suite, diagnostics } = readSuiteFrom(ksy, tests);
  if (suite === undefined) throw new Error(diagnostics.map(formatDiagnostic).join(''));
  return suite;
}

/** A greenhouse beacon: a length, what it is, and readings; self-delimiting. */
export const BEACON = `
meta: {id: beacon, endian: be}
-wireshark:
  filter: wtbeacon
  bind: [{tcp: 7001}, {udp: 7001}]
  info: '"Beacon " + station.to_s'
  checks:
    - {id: STATION, expect: station < 100, severity: error, message: Stations have two digits}
seq:
  - {id: len, type: u2}
  - {id: body, size: len, type: body}
types:
  body:
    seq:
      - {id: station, type: u1}
      - {id: kind, type: u1, enum: kind}
      - {id: readings, type: reading, repeat: eos}
  reading:
    seq:
      - {id: moisture, type: u1, valid: {max: 100}}
      - {id: label, type: str, size: 2, encoding: ASCII}
instances:
  station: {value: body.station}
enums:
  kind: {1: air, 2: soil}
`;
