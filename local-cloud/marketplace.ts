// The Visual Studio Marketplace, as far as publishing an extension goes: members of a publisher, by Microsoft Entra token.
import type { Entra } from './entra.js';
import { json, type PlayedRequest, type Service } from './http.js';

const HOST = 'marketplace.visualstudio.com';

export interface Marketplace {
  readonly service: Service;
  /** Object IDs of those who may publish. */
  readonly members: string[];
  /** The size of each extension that was published. */
  readonly published: number[];
}

export function playMarketplace(entra: Entra): Marketplace {
  const marketplace: Marketplace = {
    members: [],
    published: [],
    async service(request) {
      if (request.host !== HOST) return undefined;
      const claims = await entra.acceptForAzureDevOps(passwordOf(request));
      if (!marketplace.members.includes(String(claims?.oid))) {
        return json(401, { message: 'The user is not authorized to access this resource.' });
      }
      if (request.method !== 'POST' || request.url.pathname !== '/_apis/gallery/extensions') return undefined;
      marketplace.published.push(request.body.length);
      return json(201, { extensionName: 'extension' });
    },
  };
  return marketplace;
}

/** vsce sends the token as the password of Basic. */
function passwordOf({ headers }: PlayedRequest): string {
  const [, basic = ''] = /^Basic (.*)$/i.exec(headers.authorization ?? '') ?? [];
  return Buffer.from(basic, 'base64').toString().split(':').slice(1).join(':');
}
