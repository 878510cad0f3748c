const pattern = /(?<pat>[a-z]+)/;
const path = process.env.PATH;
const compat = `https://dev.azure.com/${org}/${project}`;
fetch(compat, { headers: { Authorization: `Bearer ${await credential.getToken(scope)}` } });
