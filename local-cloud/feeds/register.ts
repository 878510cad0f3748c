// Every package protocol that the played feeds speak: one line each.
import type { FeedProtocol, Feeds } from './feeds.js';

export const protocols = (_feeds: Pick<Feeds, 'redirectTo'>): readonly FeedProtocol[] => [];
