import { describe, expect, it } from 'vitest';
import { clientNetwork, isNetwork, isWithin } from '../../../src/platform/http/networks.ts';

describe('networks', () => {
  it.each([
    ['203.0.113.7', ['203.0.113.7'], true],
    ['203.0.113.8', ['203.0.113.7'], false],
    ['203.0.113.8', ['203.0.113.0/24', '10.0.0.0/8'], true],
    ['10.200.0.1', ['203.0.113.0/24', '10.0.0.0/8'], true],
    ['::ffff:10.200.0.1', ['10.0.0.0/8'], true],
    ['2001:db8::1', ['2001:db8::/32'], true],
    ['2001:db9::1', ['2001:db8::/32'], false],
    ['8.8.8.8', ['0.0.0.0/0'], true],
    ['not an address', ['0.0.0.0/0'], false],
    ['8.8.8.8', [], false],
  ])('%s is within %j: %s', (address, networks, expected) => {
    expect(isWithin(address, networks)).toBe(expected);
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0DB8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
    ['2001:db8:0:1:ffff::', '2001:db8:0:1::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['not an address', 'not an address'],
  ])('count %s as %s', (address, network) => {
    expect(clientNetwork(address)).toBe(network);
  });

  it.each(['', '10.0.0.0/33', '10.0.0/8', '::/129', 'example.com', '10.0.0.0/8/8', '10.0.0.0/-1'])(
    'are not %j',
    (text) => {
      expect(isNetwork(text)).toBe(false);
    },
  );
});
