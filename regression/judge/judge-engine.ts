import {
  comparePdu,
  type Difference,
  expectPdu,
  type OctetRange,
  printable,
  type SessionPdu,
  type View,
} from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { type Case, describeCase } from '../capture/cases.ts';
import type { DirectDecoding, DirectPdu } from '../run/decode-vector.ts';
import type { EngineCase, EngineRun, ShownPdu } from '../run/run-engine.ts';
import { rulesOfHandshake } from '../suite/rules.ts';
import { literalAs } from '../suite/literal.ts';
import { type Expectation, PROBLEM_KINDS, VALID_RULE } from '../suite/suite.ts';
import { ABOUT_NOTHING, type Failure, type Judgement } from './failure.ts';
import { compareRules, joinInfo, rulesBrokenBy } from './judge-decoding.ts';
import { placeOfComputed, placeOfRule, wholePdu } from './rule-place.ts';
import { ABSENT, cell, shownText, wantedText } from './texts.ts';
import { firstDifferentOctet, narrowed } from './wire-octets.ts';
import { fitsShown, type ShownPlace, shownPlaces } from './values.ts';

/** What our side has of a case. */
export interface OwnSide {
  readonly decoding: DirectDecoding;
  readonly session: readonly SessionPdu[];
}

const NOTHING: Pick<EngineCase, 'shown' | 'troubles' | 'atHeads'> = {
  shown: [],
  troubles: [],
  atHeads: new Set(),
};

/** Holds what one engine shows of one case against our decoding and against the tests file. */
export class EngineJudge {
  readonly #run: EngineRun;
  readonly #protocol: Protocol;
  readonly #view: View;
  readonly #judgement: Judgement;

  constructor(run: EngineRun, protocol: Protocol, view: View, judgement: Judgement) {
    this.#run = run;
    this.#protocol = protocol;
    this.#view = view;
    this.#judgement = judgement;
  }

  judge(item: Case, own: OwnSide): void {
    const { shown, troubles, atHeads } = this.#run.cases.get(item) ?? NOTHING;
    for (const trouble of troubles) this.#fail(item, { message: cell(trouble) });
    this.#judgeHeads(item, atHeads);
    this.#judgeCount(item, own, shown.length);
    for (const [index, pdu] of own.session.entries()) {
      const direct = own.decoding.pdus[index];
      const seen = shown[index];
      if (direct === undefined || seen === undefined) continue;
      this.#judgePdu(item, { index, direct, pdu, seen });
    }
    this.#judgeColumns(item, own);
  }

  /** Rules about the heads of an upgrade are shown at the heads. */
  #judgeHeads(item: Case, atHeads: ReadonlySet<string>): void {
    const known = rulesOfHandshake(this.#protocol);
    if (known.size === 0 || item.carrier.kind !== 'http-upgrade') return;
    const expected = new Set([...item.vector.findings].filter((rule) => known.has(rule)));
    const shown = this.#rulesAt([...atHeads]);
    for (const wrong of compareRules(expected, new Set([...shown].filter((rule) => known.has(rule))))) {
      this.#fail(item, wrong);
    }
  }

  /** What the octets end in the middle of need not be shown. */
  #judgeCount(item: Case, { decoding }: OwnSide, shown: number): void {
    const most = decoding.pdus.length;
    const least = decoding.pdus.filter(
      ({ problem }) => problem !== 'truncated' && problem !== 'limit',
    ).length;
    if (shown >= least && shown <= most) return;
    const message = `${shown} of ${least} PDUs are shown`;
    // The first that is missing, when those before it are the right ones.
    const first = decoding.pdus[Math.min(shown, most - 1)];
    const place = first === undefined ? {} : { octets: wholePdu(first), side: first.side };
    this.#fail(item, { field: 'PDUs', ...place, message, expected: `${least}`, found: `${shown}` });
  }

  #judgePdu(item: Case, { index, direct, pdu, seen }: Meeting): void {
    const places = shownPlaces(direct.decoded, this.#view.plan.fields);
    const at = { pdu: index, side: direct.side, octets: wholePdu(direct) };
    // What is not there to its end may be shown as soon as that is known.
    if (seen.observed.frame !== pdu.frame && !isPartial(pdu)) {
      const message = `the PDU is shown in packet ${seen.observed.frame}, its last octet comes in packet ${pdu.frame}`;
      this.#fail(item, { ...at, message });
    }
    const { differences } = comparePdu(expectPdu(pdu, this.#view.plan), seen.observed, this.#view);
    for (const difference of differences) {
      const wrong = differenceText(difference, direct, places);
      const octets = wrong.octets ?? placeOfComputed(wrong.field ?? '', direct, this.#protocol) ?? at.octets;
      this.#fail(item, { ...at, ...wrong, octets });
    }
    for (const expectation of item.vector.expect?.[index] ?? []) {
      this.#judgeExpectation(item, expectation, { index, direct, seen, places });
    }
    // Of what may yet be completed our decoder judges nothing.
    if (direct.problem !== 'truncated') {
      for (const failure of compareRules(rulesBrokenBy(direct), this.#rulesShown(seen))) {
        this.#fail(item, { ...at, ...failure, ...this.#placeOf(failure, direct) });
      }
    }
    this.#judgeProblem(item, direct, seen, at);
  }

  #judgeProblem(
    item: Case,
    direct: DirectPdu,
    seen: ShownPdu,
    at: Pick<Failure, 'pdu' | 'side' | 'octets'>,
  ): void {
    const [expected, found] = [direct.problem ?? 'none', this.#problemShown(seen) ?? 'none'];
    // To a datagram that ends early nothing more can come: the plugin calls it what Wireshark does.
    const isCutDatagram = item.carrier.kind === 'udp' && expected === 'truncated' && found === 'malformed';
    if (expected === found || isCutDatagram) return;
    const message = `its problem is ${found}, our decoder has ${expected}`;
    this.#fail(item, { ...at, field: 'problem', message, expected, found });
  }

  /** Where the rule looks that only one side reports. */
  #placeOf(
    { expected, found }: Pick<Failure, 'expected' | 'found'>,
    direct: DirectPdu,
  ): Pick<Failure, 'field' | 'octets' | 'side'> {
    const place = placeOfRule(expected ?? found ?? '', direct, this.#protocol);
    return { field: place.fields[0] ?? null, octets: place.octets, side: direct.side };
  }

  /** The plugin has an expert info of its own for each kind of problem. */
  #problemShown({ experts }: ShownPdu): string | null {
    const prefix = `${this.#protocol.filter}.`;
    const names = experts.map(({ name }) => (name.startsWith(prefix) ? name.slice(prefix.length) : ''));
    return PROBLEM_KINDS.find((kind) => names.some((name) => name === kind || name === `${kind}_`)) ?? null;
  }

  #judgeExpectation(
    item: Case,
    expectation: Expectation,
    { index, direct, seen, places }: Omit<Meeting, 'pdu'> & { readonly places: readonly ShownPlace[] },
  ): void {
    const { path, wanted, enums } = expectation;
    const place = places.find((known) => known.path === path);
    // Absent members and counts are held against our decoding, field by field; what is hidden nobody shows.
    if (wanted.kind !== 'literal' || place === undefined) return;
    const value = seen.observed.items.get(place.field.filter)?.[place.occurrence]?.value ?? null;
    const isOctets = place.field.type.kind === 'bytes';
    const found = value === null ? ABSENT : shownText(value, isOctets, wanted.quoted);
    this.#judgement.observe({ pdu: index, field: path, source: this.#run.label, text: found });
    const fits = value === null ? false : fitsShown(value, place.field.type, { literal: wanted, enums });
    if (fits !== false) return;
    const expected = wantedText(expectation);
    const message = `${path} (${place.field.filter}) is ${found}, expected ${expected}`;
    const hex = isOctets ? literalAs('bytes', wanted, []) : undefined;
    const at = hex === undefined ? null : firstDifferentOctet(hex, (value ?? '').replaceAll(':', ''));
    const octets = narrowed(shift(place.octets, direct.offset), at);
    this.#fail(item, { pdu: index, field: path, message, expected, found, octets, side: direct.side });
  }

  #rulesShown({ experts }: ShownPdu): ReadonlySet<string> {
    return this.#rulesAt(experts.map(({ name }) => name));
  }

  /** @param filters display filters of expert infos */
  #rulesAt(filters: readonly string[]): ReadonlySet<string> {
    const rules = new Set<string>();
    const invalid = `${this.#protocol.filter}.invalid_`;
    const { types, rules: named } = this.#protocol;
    const checks = [...types.flatMap((type) => type.checks), ...named];
    for (const name of filters) {
      const check = checks.find(({ filter }) => filter === name);
      if (check !== undefined) rules.add(check.id);
      else if (name.startsWith(invalid)) rules.add(VALID_RULE);
    }
    return rules;
  }

  /** The Info column lists every PDU of a packet, and does so however the octets were cut. */
  #judgeColumns(item: Case, { decoding, session }: OwnSide): void {
    const { columns } = this.#run;
    if (columns === null) return;
    const frames = new Map<number, DirectPdu[]>();
    for (const [index, pdu] of session.entries()) {
      const direct = decoding.pdus[index];
      if (direct === undefined || pdu.problem !== null) return;
      frames.set(pdu.frame, [...(frames.get(pdu.frame) ?? []), direct]);
    }
    for (const [frame, pdus] of frames) {
      const texts = pdus.map(({ info }) => info);
      const [wanted, shown] = [printable(joinInfo(texts)), columns.get(frame) ?? ''];
      if (isSameColumn(wanted, shown)) continue;
      const [expected, found] = [cell(wanted), cell(shown)];
      const message = `Info of packet ${frame} is "${found}", expected "${expected}"`;
      const [first] = pdus;
      const place = first === undefined ? {} : { octets: wholePdu(first), side: first.side };
      this.#fail(item, { field: 'Info', ...place, message, expected, found });
    }
  }

  #fail(item: Case, failure: Partial<Failure> & Pick<Failure, 'message'>): void {
    const party = { kind: 'engine', engine: this.#run.label } as const;
    this.#judgement.fail({ ...ABOUT_NOTHING, ...failure, party, variant: describeCase(item) });
  }
}

/** Wireshark keeps 4096 octets of a column, and ends what is longer in its own way (COL_MAX_INFO_LEN). */
const COLUMN_OCTETS = 4000;

function isSameColumn(wanted: string, shown: string): boolean {
  const octets = Buffer.from(wanted);
  if (octets.length <= COLUMN_OCTETS) return wanted === shown;
  return octets.subarray(0, COLUMN_OCTETS).equals(Buffer.from(shown).subarray(0, COLUMN_OCTETS));
}

interface Meeting {
  readonly index: number;
  readonly direct: DirectPdu;
  readonly pdu: SessionPdu;
  readonly seen: ShownPdu;
}

function isPartial({ problem }: SessionPdu): boolean {
  return problem !== null && problem.kind !== 'malformed';
}

function differenceText(
  { field: filter, kind, decoded, tshark, byteRange }: Difference,
  direct: DirectPdu,
  places: readonly ShownPlace[],
): Pick<Failure, 'message' | 'field' | 'expected' | 'found' | 'octets'> {
  const place = places.find(({ field }) => field.filter === filter);
  const name = place === undefined ? filter : place.path;
  const [ours, theirs] = [decoded === null ? ABSENT : cell(decoded), tshark === null ? ABSENT : cell(tshark)];
  const what = kind === 'range' ? 'covers' : 'is';
  const message = `${name} (${filter}) ${what} ${theirs}, our decoder has ${ours}`;
  const octets = shift(place === undefined ? byteRange : place.octets, direct.offset);
  return {
    message,
    field: kind === 'range' ? `${name} (octets)` : name,
    expected: ours,
    found: theirs,
    octets,
  };
}

function shift(range: OctetRange | null, by: number): OctetRange | null {
  return range === null ? null : { start: range.start + by, end: range.end + by };
}
