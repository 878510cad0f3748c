// Every package protocol that the played feeds speak: one line each.
import { cargo } from './cargo.js';
import type { FeedProtocol, Feeds } from './feeds.js';
import { pypi } from './pypi.js';

export const protocols = (feeds: Pick<Feeds, 'redirectTo'>): readonly FeedProtocol[] => [
  cargo(feeds),
  pypi(feeds),
];
