/** What a page refuses in a real Chromium: code that is not its own, other hosts, and texts that try to be more than text. */
import { expect, inject, test } from 'vitest'
import { read, serve, type Reader } from './open.ts'

const sites = inject('sites')

/** Tries, in the page, what an attacker would who got HTML into it; names what worked. */
function attack(): Promise<string[]> {
  const worked: string[] = []
  const holder = window as unknown as { attacks: string[] }
  holder.attacks = worked
  const put = (html: string): void => { document.querySelector('main')!.insertAdjacentHTML('beforeend', html) }
  put('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" onerror="attacks.push(\'handler\')" onload="attacks.push(\'handler\')">')
  put('<a id="attack-link" href="javascript:attacks.push(\'link\')">x</a>')
  put('<p id="attack-style" style="color: rgb(1, 2, 3)">x</p>')
  put('<iframe srcdoc="<script>parent.attacks.push(\'frame\')</script>"></iframe>')
  const script = document.createElement('script')
  script.textContent = 'attacks.push("inline script")'
  document.body.append(script)
  document.querySelector<HTMLElement>('#attack-link')!.click()
  if (getComputedStyle(document.querySelector('#attack-style')!).color === 'rgb(1, 2, 3)') worked.push('style')
  // From a timer: what the test itself evaluates is exempt.
  setTimeout(() => {
    try {
      worked.push(String(new Function('return "eval"')()))
    } catch { /* refused */ }
  })
  return fetch('http://127.0.0.1:9/', { mode: 'no-cors' }).then(() => undefined, () => undefined)
    .then(() => new Promise(done => { setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => { done(worked) }))) }))
}

test('Chromium enforces the policy of a page: what was put into it runs nothing and asks nobody', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site)
  await reader.page.goto('/haproxy/second-address/', { waitUntil: 'networkidle' })
  expect(reader.complaints).toEqual([])
  expect(await reader.page.evaluate(attack)).toEqual([])
  expect(reader.strangers).toEqual([])
  expect(reader.complaints.join('\n')).toMatch(/Content Security Policy/)
})

test('without the policy every one of these attacks works (control)', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site, { bypassCSP: true })
  await reader.page.goto('/haproxy/second-address/', { waitUntil: 'networkidle' })
  await reader.page.evaluate(attack)
  await reader.page.waitForFunction(() => new Set((window as unknown as { attacks: string[] }).attacks).size >= 6)
  const worked = await reader.page.evaluate(() => (window as unknown as { attacks: string[] }).attacks)
  expect(new Set(worked)).toEqual(new Set(['handler', 'link', 'frame', 'inline script', 'style', 'eval']))
  expect(reader.strangers).toEqual(['http://127.0.0.1:9/'])
})

const harmed = (reader: Reader): Promise<unknown> => reader.page.evaluate(() => (window as unknown as { harmed?: unknown }).harmed)

/** The policy is off in these: the text itself must be harmless, not only what a policy makes of it. */
test('HTML, terminal escapes and ten million characters in a result are shown as text', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site, { bypassCSP: true })
  const { page } = reader
  const answer = await page.goto('/haproxy/hostile/', { waitUntil: 'networkidle' })
  expect((await answer!.body()).length).toBeLessThan(1_000_000)
  await page.evaluate(() => { for (const fold of document.querySelectorAll<HTMLDetailsElement>('main details')) fold.open = true })

  const transcript = (name: string) => page.locator(`[data-name=${name}] .transcript code`).evaluate(code => code.textContent)
  expect(await transcript('html')).toContain('<script>window.harmed = 1</script>\n<img src="https://stranger.example/x.png" onerror="window.harmed = 1">')
  expect(await transcript('html')).toContain('&lt;already&gt; &amp; {window.harmed = 1} ${1}')
  expect(await transcript('terminal')).toBe('red link\n31m [U+202E]verified[U+202C]\nok\n')
  expect(await transcript('endless')).toContain('[… 9934464 characters left out …]')
  expect(await page.locator('main').innerText()).toContain('<b onclick="window.harmed=1">failed</b>')
  expect(await page.locator('main :is(iframe, img, [onclick], [onload], [onerror], a[href^="javascript:"])').count()).toBe(0)
  expect(await harmed(reader)).toBeUndefined()
  expect(reader.complaints).toEqual([])
  expect(reader.strangers).toEqual([])

  // The word on a page comes from its verdict, whatever its result says in other places.
  expect(await page.locator('.strip .chip').first().innerText()).toBe('kind: failed')
})

test.each([
  '#%E0%A4%A', '#%', '#"><img src=x onerror=window.harmed=1>', '#vip=<script>window.harmed=1</script>', "#vip=192.168.0.45'; reboot; '&nic=$(reboot)",
  '#vip=%3Cimg%20src=x%20onerror=window.harmed=1%3E', '#__proto__[x]=1&constructor=1&toString=1', `#${'a=1&'.repeat(20_000)}`, '#:~:text=verified', '#javascript:window.harmed=1',
])('the fragment %.40s does no harm', async (fragment) => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site, { bypassCSP: true })
  const { page } = reader
  await page.goto(`/haproxy/second-address/${fragment}`, { waitUntil: 'networkidle' })
  expect(await harmed(reader)).toBeUndefined()
  expect(await page.locator('main :is(img, iframe)').count()).toBe(0)
  expect(await page.locator('[data-kind=step][data-name=declare] code').first().evaluate(code => code.textContent)).toContain('address 192.168.0.45')
  expect(await page.evaluate(() => ({}) as Record<string, unknown>)).toEqual({})
  expect(reader.complaints).toEqual([])
  expect(reader.strangers).toEqual([])
})
