/** Times and names that both ends of a session agree on. */

/** Seconds between SIGTERM and SIGKILL when the time limit ends a step. */
export const GRACE_S = 5

/** Milliseconds for the last output after a step's end: a daemon that it left behind may hold its outputs open. */
export const DRAIN = 300

/** In the environment of all that a step starts: how an abort finds it, whatever group it is in. */
export const RUN_VARIABLE = 'PROOFBOOK_RUN'

/** Starts a marker on either output; a control character that no program prints by itself. */
export const MARK = '\x1e'

/** A script up to this size fits into the buffer of any pipe, so the driver can write it before anybody reads. */
export const FITS_A_PIPE = 4096
