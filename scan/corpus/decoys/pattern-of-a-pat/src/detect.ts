export const looksLikePat = (text: string) => /^[a-z2-7]{52}$/.test(text) || (text.length === 84 && text.includes('AZDO'));
export const usage = 'Set AZURE_DEVOPS_EXT_PAT, or run `az devops login`.';
