// Where Microsoft Entra is, and what Azure DevOps is called there.

export const AUTHORITY_HOST = 'login.microsoftonline.com';
/** Azure DevOps' own application ID, the same in every tenant. */
export const AZURE_DEVOPS_ID = '499b84ac-1321-427f-aa17-267ca6975798';
