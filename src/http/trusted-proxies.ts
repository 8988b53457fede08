// Which of the peers are proxies that the operator trusts, and what their forwarding headers say of the client.
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

export interface TrustedProxies {
  /** Whether the request comes straight from one of them. */
  isBehind(request: IncomingMessage): boolean;
  /**
   * Address of the client. `X-Forwarded-For` is read from its end as far as trusted proxies wrote it: what stands before
   * may be the client's own invention.
   */
  clientAddress(request: IncomingMessage): string;
}

/** Of addresses and networks in CIDR notation. */
export function createTrustedProxies(networks: readonly string[]): TrustedProxies {
  const trusts = compileNetworks(networks);
  return {
    isBehind: (request) => trusts(request.socket.remoteAddress),
    clientAddress(request) {
      const peer = plainAddress(request.socket.remoteAddress ?? '');
      if (!trusts(peer)) return peer;
      const hops = [request.headers['x-forwarded-for']].flat().join(',').split(',');
      let address = peer;
      for (const hop of hops.toReversed()) {
        const next = plainAddress(hop.trim());
        if (isIP(next) === 0) break;
        address = next;
        if (!trusts(next)) break;
      }
      return address;
    },
  };
}

/** Of IPv4 in IPv6 the IPv4. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

function compileNetworks(networks: readonly string[]): (address: string | undefined) => boolean {
  if (networks.length === 0) return () => false;
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => address !== undefined && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
