/** Set while the CLI imports scripts: tells a script that it is loaded, not started. The script itself spells it out. */
export const SESSION = Symbol.for('proofbook.session')
