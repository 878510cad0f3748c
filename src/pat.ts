// Tells a personal access token by its look, so that one pasted by mistake is neither used nor repeated.

/** Azure DevOps: 52 characters of Base32 before 2024, 84 with the signature AZDO since ("New format for PATs"). */
export function looksLikePat(text: string): boolean {
  return /^[a-z2-7]{52}$/i.test(text) || (/^[A-Za-z0-9]{84}$/.test(text) && text.includes('AZDO'));
}
