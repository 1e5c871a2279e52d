/* Throws an error with the reason if the server refused to save: the session ended, or the episode
   isn't a draft any more. */
export async function refuse(response) {
  if (!response.redirected && response.status !== 403) return
  const page = response.redirected ? null : new DOMParser().parseFromString(await response.text(), 'text/html')
  const reason = page?.getElementById('no-draft')?.textContent.trim()
  throw new Error(reason ?? 'You are signed out: sign in again in another tab.')
}
