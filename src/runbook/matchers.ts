/** Matchers of expected output, by the name between the braces, as the source of a regular expression without groups. */
export const matchers: Readonly<Record<string, string>> = {
  /** Any text within the line, possibly none. */
  any: '.*',
  /** Age as kubectl prints it: `47s`, `5m10s`, `3y12d`. */
  age: '(?:[0-9]+(?:ms|[ydhms]))+',
  /** IPv4 or IPv6 address. */
  ip: '(?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})',
  /** Hexadecimal digest, or the suffix that Kubernetes puts behind generated names (no vowels). */
  hash: '(?:[0-9a-f]{7,128}|[bcdfghjklmnpqrstvwxz2456789]{5,10})',
  int: '-?[0-9]+',
  mac: '[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}',
}

/** What each matches, for the reference page. */
export const explained: Readonly<Record<keyof typeof matchers, string>> = {
  any: 'Anything within the line',
  age: 'An age as kubectl prints it',
  ip: 'An IPv4 or IPv6 address',
  hash: 'A digest in hexadecimal digits, or the suffix of a generated name',
  int: 'A whole number',
  mac: 'A hardware address',
}

/** On a line of its own: any number of lines, possibly none. */
export const SKIP_LINES = '{{...}}'

/** `{{/re/}}`: the author's own regular expression. */
export const REGEXP_USAGE = '{{/regex/}}'
export const REGEXP_MATCHER = /\{\{\/(?:[^/\\]|\\.)+\/\}\}/
