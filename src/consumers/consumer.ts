// Who uses the token: a consumer says what it needs to know and plans effects; it does nothing itself.
import type { OrganizationToken } from '../azure-devops/verify.js';
import type { Effect } from '../effects.js';

/** What a consumer may ask for; surroundings.ts gathers it. */
export type Need = { readonly kind: 'environment'; readonly names: RegExp };

export interface Facts {
  readonly environment: Readonly<Record<string, string>>;
}

export interface Consumer {
  /** As `configure` names it. */
  readonly name: string;
  readonly needs: readonly Need[];
  /** Pure: the same token and facts give the same effects. @throws PatlessError for facts it cannot work with. */
  plan(token: OrganizationToken, facts: Facts): Effect[];
}
