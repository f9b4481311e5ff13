/** What the files of a starter are made from. */
export interface Starter {
  /** Id of the spec, filter name in Wireshark, and beginning of the files' names. */
  readonly name: string;
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
}

/** Fills the places of a text: `@name@`, `@port@` ... ; those of rules are in capitals. */
export function fill(text: string, starter: Starter, more: Readonly<Record<string, string>> = {}): string {
  const { name, transport, port } = starter;
  const values: Readonly<Record<string, string>> = {
    ...more,
    name,
    transport,
    port: String(port),
    STEM: name.toUpperCase().replaceAll('_', '-'),
    TRANSPORT: transport.toUpperCase(),
  };
  return text.replaceAll(/@(\w+)@/g, (place, key: string) => values[key] ?? place);
}
