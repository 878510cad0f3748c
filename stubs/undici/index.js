// Stands in for undici, which @actions/http-client imports for `getAgentDispatcher`; patless never calls that.
export class ProxyAgent {
  constructor() {
    throw new Error('patless is bundled without undici');
  }
}
