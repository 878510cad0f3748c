// Every consumer, loaded one after another: jest's module loader does not take imports side by side.
import type { Consumer } from '../../src/consumers/consumer.js';
import { tools } from '../../src/consumers/register.js';

export const consumers: Consumer[] = [];
for (const tool of tools) consumers.push(await tool.load());
