import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IpAddress, parseIpAddress } from "../../../src/values/network/ip-address.ts";
import {
  contains,
  edgeOf,
  overlap,
  prefixOfMask,
  subnetOf,
  subnetText,
} from "../../../src/values/network/ipv4-subnet.ts";

const ip = (text: string): IpAddress => {
  const address = parseIpAddress(text);
  if (address === null) throw new Error(`${text} is no address`);
  return address;
};
const subnet = (text: string) => {
  const [address = "", prefix] = text.split("/");
  return subnetOf(ip(address), Number(prefix));
};
const dotted = (number: number) => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
const anyAddress = fc.integer({ min: 0, max: 0xffffffff }).map((number) => ip(dotted(number)));
const anyPrefix = fc.integer({ min: 0, max: 32 });

describe("prefixOfMask", () => {
  it.each([
    ["0.0.0.0", 0],
    ["128.0.0.0", 1],
    ["255.0.0.0", 8],
    ["255.255.254.0", 23],
    ["255.255.255.0", 24],
    ["255.255.255.254", 31],
    ["255.255.255.255", 32],
  ])("reads %s as %i", (mask, prefix) => {
    expect(prefixOfMask(ip(mask))).toBe(prefix);
  });

  it.each(["255.0.255.0", "0.255.255.255", "255.255.255.1", "0.0.0.1", "255.255.253.0", "ffff::"])(
    "does not read %s",
    (mask) => {
      expect(prefixOfMask(ip(mask))).toBeNull();
    },
  );

  it("reads exactly the 33 masks of contiguous ones", () => {
    const masks = new Map(
      Array.from({ length: 33 }, (_, prefix) => [dotted(prefix === 0 ? 0 : -1 << (32 - prefix)), prefix]),
    );
    for (const [mask, prefix] of masks) expect(prefixOfMask(ip(mask))).toBe(prefix);
    fc.assert(
      fc.property(anyAddress, (mask) => {
        expect(prefixOfMask(mask)).toBe(masks.get(mask.canonical) ?? null);
      }),
    );
  });
});

describe("a subnet", () => {
  it("contains its own addresses and is written with its first one", () => {
    expect(subnetText(subnet("10.44.10.21/24"))).toBe("10.44.10.0/24");
    expect(subnetText(subnet("255.255.255.255/0"))).toBe("0.0.0.0/0");
    expect(contains(subnet("10.44.10.21/24"), ip("10.44.10.255"))).toBe(true);
    expect(contains(subnet("10.44.10.21/24"), ip("10.44.11.0"))).toBe(false);
    expect(contains(subnet("0.0.0.0/0"), ip("::1"))).toBe(false);
  });

  it("contains the address from which it was created, and an adjacent one only if their leading bits agree", () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, anyPrefix, (a, b, prefix) => {
        const made = subnetOf(a, prefix);
        const bits = ({ value }: IpAddress) => value.toString(2).padStart(32, "0").slice(0, prefix);
        expect(contains(made, a)).toBe(true);
        expect(contains(made, b)).toBe(bits(a) === bits(b));
      }),
    );
  });

  it("overlaps another one exactly if one contains the other's first address", () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, anyPrefix, anyPrefix, (a, b, p, q) => {
        const [one, two] = [subnetOf(a, p), subnetOf(b, q)];
        const [first, second] = [one, two].map((s) => ip(subnetText(s).split("/")[0] ?? ""));
        const expected = [first && contains(two, first), second && contains(one, second)].includes(true);
        expect(overlap(one, two)).toBe(expected);
        expect(overlap(two, one)).toBe(expected);
      }),
    );
  });
});

describe("edgeOf", () => {
  it.each([
    ["10.44.10.0/24", "10.44.10.0", "network"],
    ["10.44.10.0/24", "10.44.10.255", "broadcast"],
    ["10.44.10.0/24", "10.44.10.1", null],
    ["10.44.10.0/23", "10.44.10.255", null],
    ["10.44.10.0/30", "10.44.10.3", "broadcast"],
    ["10.44.10.0/31", "10.44.10.0", null],
    ["10.44.10.0/31", "10.44.10.1", null],
    ["10.44.10.7/32", "10.44.10.7", null],
  ] as const)("in %s takes %s for %s", (block, address, edge) => {
    expect(edgeOf(subnet(block), ip(address))).toBe(edge);
  });
});
