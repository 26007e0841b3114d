import type { Result } from './result.ts'
export function html(result: Result): string { return result.runbook }
