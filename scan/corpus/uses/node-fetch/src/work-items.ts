const organization = 'contoso';
const pat = process.env.AZURE_DEVOPS_PAT ?? '';

export async function workItem(id: number) {
  const response = await fetch(`https://dev.azure.com/${organization}/_apis/wit/workitems/${id}?api-version=7.1`, {
    headers: { Authorization: `Basic ${Buffer.from(`:${pat}`).toString('base64')}` },
  });
  return response.json();
}
