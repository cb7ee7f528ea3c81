/** All peers, in the order of the report. */

import { apachePeers } from './apache.js';
import { forkedPeers } from './forked.js';
import { granian } from './granian.js';
import { gunicornPeers } from './gunicorn.js';
import type { Peer } from './peer.js';
import { stillhouse, stillhouseEmbedded } from './stillhouse.js';
import { uwsgiPeers } from './uwsgi.js';

export const peers: readonly Peer[] = [
  stillhouse,
  ...stillhouseEmbedded,
  ...apachePeers,
  ...gunicornPeers,
  ...uwsgiPeers,
  ...forkedPeers,
  granian,
];

export function getPeer(id: string): Peer {
  const peer = peers.find((one) => one.id === id);
  if (peer === undefined) throw new Error(`no peer '${id}'`);
  return peer;
}
