/**
 * Before, this was getPersonalAccessTokenHandler(process.env.ADO_PAT).
 */
export const url = 'https://dev.azure.com/contoso'; // was https://user:$ADO_PAT@dev.azure.com/contoso
// export AZURE_DEVOPS_EXT_PAT=$ADO_PAT
