import type { ExpertInfo, ExpertSeverity } from '../dissected.ts';

const SEVERITIES: Readonly<Record<string, ExpertSeverity>> = {
  Comment: 'comment',
  Chat: 'chat',
  Note: 'note',
  Warning: 'warning',
  Error: 'error',
};

/** `Expert Info (Warning/Protocol): level 10 is loud` */
export function readExpertLabel(label: string): Pick<ExpertInfo, 'message' | 'severity' | 'group'> {
  const match = /^Expert Info \(([^/)]*)\/([^)]*)\)(?:: )?(.*)$/s.exec(label);
  if (match === null) return { message: label, severity: 'unknown', group: 'unknown' };
  const [, severity = '', group = '', message = ''] = match;
  return {
    message,
    severity: SEVERITIES[severity] ?? 'unknown',
    group: group.toLowerCase().replaceAll(' ', '-'),
  };
}
