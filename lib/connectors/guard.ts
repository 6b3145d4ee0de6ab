import { lookup as resolve } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/**
 * Addresses that no connector may reach: link-local and cloud metadata services, "this network", multicast and broadcast. Private
 * ranges and loopback stay open, because self-hosted registries live there.
 */
const never = new BlockList();
never.addSubnet("169.254.0.0", 16, "ipv4");
never.addSubnet("0.0.0.0", 8, "ipv4");
never.addSubnet("224.0.0.0", 4, "ipv4");
never.addSubnet("240.0.0.0", 4, "ipv4");
// Alibaba's and Azure's metadata services sit outside link-local.
never.addAddress("100.100.100.200", "ipv4");
never.addAddress("168.63.129.16", "ipv4");
never.addAddress("::", "ipv6");
never.addSubnet("fe80::", 10, "ipv6");
never.addSubnet("ff00::", 8, "ipv6");
never.addAddress("fd00:ec2::254", "ipv6");
never.addAddress("fd20:ce::254", "ipv6");

/** Ranges inside an organisation or a machine, for addresses that people other than administrators give. */
const internal = new BlockList();
for (const [net, bits] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["127.0.0.0", 8],
  ["100.64.0.0", 10],
  ["192.0.0.0", 24],
  ["198.18.0.0", 15],
] as const)
  internal.addSubnet(net, bits, "ipv4");
internal.addAddress("::1", "ipv6");
internal.addSubnet("fc00::", 7, "ipv6");
internal.addSubnet("fec0::", 10, "ipv6");

/** Whether an address is on the public network: allowed, and inside no organisation's or machine's own range. */
export function publicAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  const mapped = /^::(?:ffff:)?(?:0:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? hexMapped(bare);
  if (mapped) return publicAddress(mapped);
  return allowedAddress(bare) && !internal.check(bare, isIP(bare) === 4 ? "ipv4" : "ipv6");
}

/** Whether a connector may connect to this IP address. IPv4 inside IPv6 counts as the IPv4 address. */
export function allowedAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  const mapped = /^::(?:ffff:)?(?:0:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? hexMapped(bare);
  if (mapped) return allowedAddress(mapped);
  const family = isIP(bare);
  if (family === 0) return false;
  return !never.check(bare, family === 4 ? "ipv4" : "ipv6");
}

/** ::ffff:a9fe:a9fe is 169.254.169.254; so is its NAT64 form. */
function hexMapped(address: string): string | null {
  const tail = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (!tail?.[1] || !tail[2]) return null;
  const [high, low] = [Number.parseInt(tail[1], 16), Number.parseInt(tail[2], 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

export class BlockedAddress extends Error {}

/** A lookup that checks what a name resolves to at the moment of connecting, so that a name cannot change in between. */
const lookupFor =
  (allowed: (address: string) => boolean): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, "", 0);
      const bad = addresses.find(({ address }) => !allowed(address));
      if (bad) return callback(new BlockedAddress(`${hostname} is ${bad.address}`), "", 0);
      if (options.all) return callback(null, addresses);
      const [first] = addresses;
      return first
        ? callback(null, first.address, first.family)
        : callback(new Error(`${hostname} has no address`), "", 0);
    });
  };

export const guardedLookup = lookupFor(allowedAddress);
export const publicLookup = lookupFor(publicAddress);
