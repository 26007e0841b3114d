// The site: Astro with Starlight. Pages come from src/content/docs and from the book itself (runbooks/).
import starlight from '@astrojs/starlight'
import { satteri } from '@astrojs/markdown-satteri'
import { defineConfig } from 'astro/config'
import { browserModules } from './src/site/browser-modules.ts'
import { bookFolder } from './src/site/book-folder.ts'
import { pageDiagrams } from './src/site/markdown/diagrams.ts'
import { siteLinks } from './src/site/markdown/links.ts'
import { glossaryTips } from './src/site/markdown/terms.ts'
import { runbookFences } from './src/site/markdown/fences.ts'
import { labelledTables } from './src/site/markdown/tables.ts'
import { shikiOptions } from './src/site/highlight-options.ts'
import { contentSecurityPolicy } from './src/site/security/integration.ts'
import { sidebar } from './src/site/sidebar.ts'

const base = process.env.PROOFBOOK_BASE ?? '/'
const site = process.env.PROOFBOOK_SITE
const cacheDir = process.env.PROOFBOOK_SITE_CACHE

export default defineConfig({
  base,
  ...(site === undefined ? {} : { site }),
  ...(cacheDir === undefined ? {} : { cacheDir }),
  // dist/ is the compiled command line.
  outDir: './site',
  publicDir: './src/public',
  trailingSlash: 'always',
  vite: {
    plugins: [browserModules],
    server: { watch: { ignored: ['**/.proofbook/**', '**/dist/**', '**/site/**'] } },
    // Astro's own marker in every MDX page, one warning each.
    build: { rolldownOptions: { checks: { moduleLevelDirective: false } } },
  },
  devToolbar: { enabled: false },
  // Code and transcripts are shown as they are, byte for byte.
  compressHTML: false,
  markdown: {
    shikiConfig: shikiOptions,
    processor: satteri({
      features: { smartPunctuation: false },
      mdastPlugins: [runbookFences, pageDiagrams],
      hastPlugins: [labelledTables, glossaryTips, siteLinks(base)],
    }),
  },
  integrations: [
    contentSecurityPolicy,
    starlight({
      title: 'Proofbook',
      description: 'Networking runbooks for k3s and Kubernetes, proven end to end on real clusters.',
      favicon: '/favicon.svg',
      // Fences are rendered by src/components/runbook: Expressive Code pads, trims and retabs what must stay as it ran.
      expressiveCode: false,
      markdown: { processedDirs: [`./${bookFolder}`] },
      editLink: { baseUrl: 'https://github.com/proofbook/proofbook/edit/main/' },
      routeMiddleware: './src/site/route-data.ts',
      sidebar: sidebar(),
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 3 },
      customCss: [
        './src/styles/fonts.css',
        './src/styles/theme.css',
        './src/styles/prose.css',
        './src/styles/hosts.css',
        './src/styles/code.css',
        './src/styles/forced.css',
        './src/styles/print.css',
      ],
      components: {
        PageTitle: './src/components/overrides/PageTitle.astro',
        Search: './src/components/overrides/Search.astro',
        MarkdownContent: './src/components/overrides/MarkdownContent.astro',
      },
    }),
  ],
})
