/** What the rules of values need of `node:net`, for the browser. */
export const isIPv4 = (value: string): boolean =>
  /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/.test(value)
