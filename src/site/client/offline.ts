/** All that a page of the site does by itself, for pages on a disk: one plain script, since modules are not loaded from there. */
import './copy.ts'
import './freshness.ts'
import './layout.ts'
import './progress.ts'
import './rail.ts'
import './unfold.ts'
import './values.ts'
