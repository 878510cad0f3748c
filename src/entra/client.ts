// Who asks Entra, and where: the two IDs of every sign-in.

export interface Client {
  readonly clientId: string;
  /** GUID or verified domain. */
  readonly tenantId: string;
}
