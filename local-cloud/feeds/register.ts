// Every package protocol that the played feeds speak: one line each.
import type { FeedProtocol, Feeds } from './feeds.js';
import { mavenProtocol } from './maven.js';

export const protocols = (feeds: Pick<Feeds, 'redirectTo'>): readonly FeedProtocol[] => [
  mavenProtocol(feeds),
];
