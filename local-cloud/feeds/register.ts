// Every package protocol that the played feeds speak: one line each.
import type { FeedProtocol, Feeds } from './feeds.js';
import { npmProtocol } from './npm.js';

export const protocols = (feeds: Pick<Feeds, 'redirectTo'>): readonly FeedProtocol[] => [npmProtocol(feeds)];
