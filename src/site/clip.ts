/** Characters of one transcript that a page shows. `verify` keeps no more; a file that somebody else wrote may hold anything. */
const LONGEST = 64 * 1024

/** Cuts the middle out of a text that is longer, and says so. */
export function clipped(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text
  const half = longest / 2
  return `${text.slice(0, half)}\n[… ${text.length - longest} characters left out …]\n${text.slice(-half)}`
}
