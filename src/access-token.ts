// An access token to Azure DevOps, and what is known of whose it is.
import type { Secret } from './secret.js';

export interface AccessToken {
  /** Masked already. */
  readonly secret: Secret;
  readonly expiresOn: Date;
  /** A service principal's or a user's, from Microsoft Entra, or the running job's own, from Azure Pipelines. */
  readonly holder: 'service principal' | 'user' | 'job';
  /** The `tid` claim; for an opaque token, the tenant as it was asked for; empty for a job. */
  readonly tenantId: string;
  /** The `oid` claim: the service principal or user. Empty for an opaque token, and for a job. */
  readonly objectId: string;
  /** The `uti` claim: finds this sign-in in the Entra log. Empty for an opaque token, and for a job. */
  readonly tokenId: string;
}
