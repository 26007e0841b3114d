/** Loaded before the command line (node --import): tells on standard error how much memory it took at most, in KiB. */
process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS))
