/** Folder of the book below the project's root. Tests point it at a small book of their own. */
export const bookFolder = process.env.PROOFBOOK_BOOK ?? 'runbooks'
