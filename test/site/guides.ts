/** Addresses of pages that lead to runbooks of the book: in a site of the fixture book those lead nowhere. */
export const GUIDES = /^\/?(?:choose|reference|troubleshooting)(?:\/|\.md$)/
