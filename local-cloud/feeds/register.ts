// Every package protocol that the played feeds speak: one line each.
import { cargo } from './cargo.js';
import type { FeedProtocol, Feeds } from './feeds.js';
import { mavenProtocol } from './maven.js';
import { npmProtocol } from './npm.js';
import { nuget } from './nuget.js';
import { pypi } from './pypi.js';

export const protocols = (feeds: Pick<Feeds, 'redirectTo'>): readonly FeedProtocol[] => [
  npmProtocol(feeds),
  pypi(feeds),
  mavenProtocol(feeds),
  cargo(feeds),
  nuget,
];
