import { fill, type Starter } from './starter.ts';

/** README.md: from the starter to one's own protocol, step by step, with commands that exist. */
export function readmeText(starter: Starter): string {
  return fill(README, starter);
}

const README = `# @name@

| | |
|---|---|
| \`@name@.ksy\` | what is on the wire: the one source of everything else |
| \`@name@.tests.yaml\` | its tests |

All commands are given in this folder. Node 20.19 or later is needed, and a Wireshark (\`tshark\`) to see the plugin at work; without
one the tests run through WireTwin's own decoder alone and say so.

## 1. Run the tests

\`\`\`sh
npx wiretwin test .
\`\`\`

They pass. Each vector went through our decoder and, in captures made of it (one octet a segment, reordered, over IPv6 ...), through
every Wireshark found. Change something in \`@name@.ksy\`, say \`u2\` to \`u1\`, and run them again: they name the field and the octet.

## 2. Make it your protocol

Edit \`@name@.ksy\` and \`@name@.tests.yaml\` side by side, and let the tests run whenever you save:

\`\`\`sh
npx wiretwin test . --watch
\`\`\`

Begin with \`seq\` (the head of every PDU) and one vector with octets that you are sure of: from a capture, or from the document that
describes the protocol. Then kind by kind. \`coverage\` in the tests file asks for a vector of everything the spec has; what is missing is
listed by name. To see whether the tests would notice a mistake:

\`\`\`sh
npx wiretwin test . --mutation
\`\`\`

## 3. Generate the Wireshark plugin

\`\`\`sh
npx wiretwin generate @name@.ksy --check
\`\`\`

It writes \`plugin-out/@name@.lua\`, one self-contained file, and \`--check\` proves that your Wireshark loads it.

## 4. Use it in Wireshark

To try it, without installing anything:

\`\`\`sh
wireshark -X lua_script:plugin-out/@name@.lua
\`\`\`

To have it always, copy the file to the *Personal Lua Plugins* folder: *Help -> About Wireshark -> Folders* shows where that is, and so does

\`\`\`sh
tshark -G folders
\`\`\`

Then *Analyze -> Reload Lua Plugins*. Display filters: \`@name@\`, \`@name@.kind == 2\`, \`@name@.number > 100\`. Not as root: Wireshark 4.4
and later leave out Lua plugins then.

## 5. Capture, and have it judged

Capture what goes over @TRANSPORT@ port @port@ (the \`bind\` of the spec), then:

\`\`\`sh
dumpcap -i any -f '@transport@ port @port@' -w @name@.pcapng
npx wiretwin analyze @name@.pcapng --spec @name@.ksy
npx wiretwin decode @name@.pcapng --spec @name@.ksy --format tree
\`\`\`

\`analyze\` compares Wireshark with our decoder field by field and judges every connection by the rules of the spec (exit code 0: pass, 1: a
rule is broken, 5: the two disagree).

## 6. Keep it right

A good capture is a test too. Under \`captures:\` in \`@name@.tests.yaml\`:

\`\`\`yaml
captures:
  - file: @name@.pcapng
    origin: my own test bench
    golden: @name@.ndjson
\`\`\`

\`\`\`sh
npx wiretwin test . --update
\`\`\`

shows what our decoder makes of it and asks before it writes the golden file; after that any difference fails. In a build, with exit
code 1 when something fails and a report that build servers read:

\`\`\`sh
npx wiretwin test . --require-tshark --format junit --output tests.xml
\`\`\`
`;
