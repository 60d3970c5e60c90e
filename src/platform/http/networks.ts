import { BlockList, isIP } from 'node:net';

/** An address, or a network in CIDR notation: `203.0.113.7`, `10.0.0.0/8`, `2001:db8::/32`. */
export function isNetwork(text: string): boolean {
  return parse(text) !== undefined;
}

/** Whether an address is one of these, or in one of these networks. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const plain = unmapped(address);
  const family = isIP(plain);
  if (family === 0) return false;
  const list = new BlockList();
  for (const network of networks.flatMap((text) => parse(text) ?? [])) {
    list.addSubnet(network.address, network.prefix, network.family);
  }
  return list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * The network to rate-limit as one client: an IPv4 address, or the /64 from which an IPv6 client can choose addresses.
 */
export function clientNetwork(address: string): string {
  const plain = unmapped(address);
  if (isIP(plain) !== 6) return plain;
  // The URL parser normalises an address: hexadecimal, without a zone.
  const { hostname } = new URL(`http://[${plain.replace(/%.*$/, '')}]`);
  const [before = [], after = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}

interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

function parse(text: string): Network | undefined {
  const [, address = '', given] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const longest = version === 6 ? 128 : 32;
  const prefix = given === undefined ? longest : Number(given);
  return prefix > longest ? undefined : { address, prefix, family: version === 6 ? 'ipv6' : 'ipv4' };
}

/** A socket that listens on IPv6 shows an IPv4 client as `::ffff:192.0.2.1`. */
function unmapped(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
