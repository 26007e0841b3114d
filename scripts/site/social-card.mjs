// Draws src/public/social.png, the picture of a link to the site, 1200 by 630. Needs Chromium: node scripts/site/social-card.mjs
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const font = (file) => `data:font/woff2;base64,${readFileSync(`node_modules/${file}`).toString('base64')}`

const html = `<meta charset="utf-8"><style>
  @font-face { font-family: Sans; font-weight: 100 700; src: url(${font('@fontsource-variable/ibm-plex-sans/files/ibm-plex-sans-latin-wght-normal.woff2')}) }
  @font-face { font-family: Mono; src: url(${font('@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2')}) }
  body { box-sizing: border-box; width: 1200px; height: 630px; margin: 0; padding: 84px 96px; color: #f2f4f7; background: #14171c; font-family: Sans }
  h1 { margin: 0; font-size: 40px; font-weight: 600 }
  p { margin: 48px 0 0; font-size: 66px; font-weight: 600; line-height: 1.2 }
  pre { position: absolute; bottom: 84px; margin: 0; color: #c8cdd5; font: 29px Mono }
  b { color: #7ad8a6; font-weight: 400 }
</style><h1>Proofbook</h1><p>Networking runbooks<br>for k3s and Kubernetes<br>that prove themselves</p>
<pre>$ npx proofbook verify haproxy/virtual-ip
<b>✓ verified</b></pre>`

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage({ viewport: { width: 1200, height: 630 } })
await page.setContent(html)
await page.evaluate('document.fonts.ready')
await page.screenshot({ path: 'src/public/social.png' })
await browser.close()
