/**
 * What YAML makes of a word without quotes: Kubernetes reads 1.1, others 1.2. Written out and not asked of a YAML library, whose
 * seventy modules each start of a run would load for this one question; a test asks the library the same.
 */

/** The types of YAML 1.1 (yaml.org/type) and of the core schema of 1.2, in words that begin with a letter, a digit or a sign. */
const others: readonly RegExp[] = [
  /^(?:[yYnN]|[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF|[Tt]rue|TRUE|[Ff]alse|FALSE|[Nn]ull|NULL)$/,
  // binary, octal, decimal, hexadecimal
  /^[-+]?0b[01_]+$/, /^0o[0-7]+$/, /^[-+]?[0-9][0-9_]*$/, /^[-+]?0x[0-9a-fA-F_]+$/,
  // with a fraction, an exponent, or both
  /^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/, /^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
  // of base 60, such as 12:30
  /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/,
]

const TIME = /^\d{4}-\d{1,2}-\d{1,2}(?:[tT]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+][012]?\d(?::\d{2})?)?)?$/

/** YAML 1.1 reads 2001-01-01 as a time, which a manifest does not hold as it was written. */
export const isTimeInYaml = (word: string): boolean => TIME.test(word)

/** A word such as `no`, `1e3` or `12:30` changes its type in a manifest; one that ends in a colon is a key. */
export const isStringInYaml = (word: string): boolean => !others.some(form => form.test(word)) && !isTimeInYaml(word) && !word.endsWith(':')
