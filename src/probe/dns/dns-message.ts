import { encode, RECURSION_DESIRED } from "dns-packet";
import type { OptAnswer, Packet } from "dns-packet";

import type { DnsRecord, DnsRecordType } from "../../engine/api/question.ts";
import { canonicalIp } from "../../values/network/ip-address.ts";
import { labelsOf, nameFromLabels } from "./dns-name.ts";

/** Header and question of a message (RFC 1035 section 4.1). */
export interface DnsHead {
  readonly id: number;
  readonly response: boolean;
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionAvailable: boolean;
  /** The four bits of the header; a reply with OPT has eight more. */
  readonly headerRcode: number;
  readonly questions: readonly DnsHeadQuestion[];
}

interface DnsHeadQuestion {
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

/**
 * A whole message. Of records whose type or class is never queried here, only the length is checked; they are left out.
 */
export interface DnsReply extends DnsHead {
  /** With the extension of RFC 6891 section 6.1.3. */
  readonly rcode: number;
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
}

export const CLASS_IN = 1;
const TYPE_OPT = 41;

/** RFC 1035 section 3.2.2, RFC 2782, RFC 3596, RFC 6672. */
export const TYPE_NUMBERS = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  AAAA: 28,
  SRV: 33,
  DNAME: 39,
} as const satisfies Record<DnsRecord["type"], number>;

/** Fits every path with an MTU of 1280 octets without fragmentation (DNS Flag Day 2020). */
const UDP_PAYLOAD = 1232;

const OPT: OptAnswer = {
  type: "OPT",
  name: ".",
  udpPayloadSize: UDP_PAYLOAD,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

/**
 * The octets of a query with recursion desired, or null when the name cannot be queried. The codec takes names as text
 * and cannot express a label with a dot or with octets that are not UTF-8; such a name is detected by decoding the
 * message again and comparing.
 *
 * @param name canonical, see `dnsName`
 */
export function encodeQuery(id: number, name: string, type: DnsRecordType, edns: boolean): Buffer | null {
  const labels = labelsOf(name);
  if (labels === null) return null;
  const text = labels.length === 0 ? "." : labels.map((label) => label.toString("utf8")).join(".");
  const query: Packet = { type: "query", id, flags: RECURSION_DESIRED, questions: [{ name: text, type }] };
  const bytes = encode(edns ? { ...query, additionals: [OPT] } : query);
  return readHead(bytes)?.questions[0]?.name === name ? bytes : null;
}

/** Reads the header and question section, or null when they are malformed. */
export function readHead(bytes: Uint8Array): DnsHead | null {
  return unlessMalformed(() => new MessageReader(bytes).head());
}

/**
 * Reads a whole message, or null when any part of it is malformed. The codec's own decoder is not used: it ignores
 * RDLENGTH (an A record of two octets takes its address from the next record), and decodes labels as UTF-8, which makes
 * different names equal.
 */
export function readReply(bytes: Uint8Array): DnsReply | null {
  return unlessMalformed(() => new MessageReader(bytes).reply());
}

class MalformedMessage extends Error {}

function unlessMalformed<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedMessage) return null;
    throw error;
  }
}

class MessageReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  head(): DnsHead {
    const id = this.#u16();
    const flags = this.#u16();
    const count = this.#u16();
    this.#take(6);
    const questions: DnsHeadQuestion[] = [];
    for (let i = 0; i < count; i++) questions.push({ name: this.#name(), type: this.#u16(), class: this.#u16() });
    return {
      id,
      response: (flags & 0x8000) !== 0,
      opcode: (flags >> 11) & 0xf,
      authoritative: (flags & 0x0400) !== 0,
      truncated: (flags & 0x0200) !== 0,
      recursionAvailable: (flags & 0x0080) !== 0,
      headerRcode: flags & 0xf,
      questions,
    };
  }

  reply(): DnsReply {
    const head = this.head();
    const answers = this.#section(6);
    const authorities = this.#section(8);
    const additionals = this.#section(10);
    const extension = [...answers.extensions, ...authorities.extensions, ...additionals.extensions][0] ?? 0;
    return {
      ...head,
      rcode: (extension << 4) | head.headerRcode,
      answers: answers.records,
      authorities: authorities.records,
    };
  }

  /** @param countAt offset of the section's record count in the header */
  #section(countAt: number): { records: DnsRecord[]; extensions: number[] } {
    const records: DnsRecord[] = [];
    const extensions: number[] = [];
    for (let left = this.#view.getUint16(countAt); left > 0; left--) {
      const name = this.#name();
      const type = this.#u16();
      const klass = this.#u16();
      const ttl = this.#u32();
      const length = this.#u16();
      const end = this.#offset + length;
      if (end > this.#bytes.length) throw new MalformedMessage();
      if (type === TYPE_OPT) {
        extensions.push(ttl >>> 24);
        this.#offset = end;
      } else {
        // RFC 2181 section 8: a TTL with the top bit set is treated as zero.
        const record = klass === CLASS_IN ? this.#record(name, type, ttl > 0x7fffffff ? 0 : ttl) : null;
        if (record === null) this.#offset = end;
        else records.push(record);
      }
      if (this.#offset !== end) throw new MalformedMessage();
    }
    return { records, extensions };
  }

  /**
   * Reads the data of a record; null when its type is never queried here. The caller checks that it ends where it
   * should.
   */
  #record(name: string, type: number, ttl: number): DnsRecord | null {
    switch (type) {
      case TYPE_NUMBERS.A:
        return { type: "A", name, ttl, address: this.#address(4) };
      case TYPE_NUMBERS.AAAA:
        return { type: "AAAA", name, ttl, address: this.#address(16) };
      case TYPE_NUMBERS.CNAME:
        return { type: "CNAME", name, ttl, target: this.#name() };
      case TYPE_NUMBERS.DNAME:
        return { type: "DNAME", name, ttl, target: this.#name() };
      case TYPE_NUMBERS.NS:
        return { type: "NS", name, ttl, target: this.#name() };
      case TYPE_NUMBERS.PTR:
        return { type: "PTR", name, ttl, target: this.#name() };
      case TYPE_NUMBERS.SRV: {
        const [priority, weight, port] = [this.#u16(), this.#u16(), this.#u16()];
        return { type: "SRV", name, ttl, priority, weight, port, target: this.#name() };
      }
      case TYPE_NUMBERS.SOA: {
        const mname = this.#name();
        this.#name();
        this.#take(20);
        return { type: "SOA", name, ttl, mname };
      }
      default:
        return null;
    }
  }

  #address(length: 4 | 16): string {
    const octets = Buffer.from(this.#take(length));
    const text = length === 4 ? octets.join(".") : (octets.toString("hex").match(/.{4}/g) ?? []).join(":");
    const address = canonicalIp(text);
    if (address === null) throw new MalformedMessage();
    return address;
  }

  /**
   * A name, with compression (RFC 1035 section 4.1.4). Each pointer must point before the start of the piece that
   * contains it, so that reading terminates; a name has at most 127 labels, so more pointers than that are an attack.
   */
  #name(): string {
    const labels: Uint8Array[] = [];
    let length = 1;
    let resume: number | null = null;
    let start = this.#offset;
    for (let pointers = 0; ;) {
      const octet = this.#u8();
      if (octet === 0) break;
      if (octet < 0x40) {
        length += 1 + octet;
        if (length > 255) throw new MalformedMessage();
        labels.push(this.#take(octet));
      } else if (octet >= 0xc0) {
        const target = ((octet & 0x3f) << 8) | this.#u8();
        if (target >= start || ++pointers > 127) throw new MalformedMessage();
        resume ??= this.#offset;
        start = target;
        this.#offset = target;
      } else {
        throw new MalformedMessage();
      }
    }
    if (resume !== null) this.#offset = resume;
    return nameFromLabels(labels);
  }

  #u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  #u16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  #u32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  #take(count: number): Uint8Array {
    const start = this.#advance(count);
    return this.#bytes.subarray(start, start + count);
  }

  #advance(count: number): number {
    const start = this.#offset;
    if (start + count > this.#bytes.length) throw new MalformedMessage();
    this.#offset = start + count;
    return start;
  }
}
