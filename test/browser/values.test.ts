import { expect, inject, test } from 'vitest'
import { read, serve } from './open.ts'

const { fixture } = inject('sites')
const PAGE = '/haproxy/second-address/'
const codeOf = (kind: string, name: string) => `[data-kind=${kind}][data-name=${name}] code`

test('a value fills every block, the diagram, the text, the command and the copy buttons', async () => {
  await using site = await serve(fixture)
  await using reader = await read(site, { permissions: ['clipboard-read', 'clipboard-write'] })
  const { page } = reader
  await page.goto(PAGE)
  await page.getByLabel('Second address', { exact: true }).fill('10.1.2.3')
  await page.locator('.values-note[data-note=own]').waitFor({ state: 'visible' })

  const text = await page.locator('main').innerText()
  expect(text).toContain('address 10.1.2.3')
  expect(text).toContain('--set vip=10.1.2.3')
  expect(await page.locator('.diagram .wide svg text', { hasText: '10.1.2.3' }).count()).toBeGreaterThan(0)
  expect(await page.locator('[data-template]').first().innerText()).toBe('10.1.2.3')
  await page.locator('[data-kind=step][data-name=declare]').hover()
  await page.locator('[data-kind=step][data-name=declare] .copy-code').first().click()
  await page.getByText('Copied', { exact: true }).waitFor()
  const shown = await page.locator(codeOf('step', 'declare')).first().evaluate(code => code.textContent)
  expect(shown).toContain('address 10.1.2.3')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown)
  // What a run printed is what it printed.
  expect(await page.locator('[data-name=declared] .transcript code').first().evaluate(code => code.textContent)).toContain('192.168.0.45')

  expect(await page.locator('.values-note[data-note=own]').innerText()).toContain('verified with other values than yours')
  expect(await page.locator('.values-state').innerText()).toBe('1 of 4 changed: not what was verified')
  expect(await page.locator('[data-target=kind]').first().innerText()).toContain('with other values than yours')
  expect(reader.complaints).toEqual([])
  expect(reader.strangers).toEqual([])
})

test('a bad value is refused by its type and changes nothing', async () => {
  await using site = await serve(fixture)
  await using reader = await read(site)
  const { page } = reader
  await page.goto(PAGE)
  const before = await page.locator(codeOf('step', 'declare')).first().evaluate(code => code.textContent)
  const refusals = [
    { label: 'Second address', value: '192.168.0.45; rm -rf /', expected: 'an IPv4 address' },
    { label: 'Second address', value: '192.168.0.256', expected: 'an IPv4 address' },
    { label: 'LAN interface', value: '$(reboot)', expected: 'network interface' },
    { label: 'Port', value: '65536', expected: 'a port, 1 to 65535' },
  ]
  for (const { label, value, expected } of refusals) {
    const field = page.getByLabel(label, { exact: true })
    await field.fill(value)
    const note = page.locator('.value', { has: field }).locator('.refusal')
    await note.waitFor({ state: 'visible' })
    expect(await note.innerText()).toContain(`Received “${value}”, expected ${expected.startsWith('a') ? expected : ''}`)
    expect(await note.innerText()).toContain(expected)
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await page.locator(codeOf('step', 'declare')).first().evaluate(code => code.textContent)).toBe(before)
  }
  expect(await page.evaluate(() => localStorage.length === 0 || !Object.keys(localStorage).some(key => key.startsWith('proofbook')))).toBe(true)
})

test('values stay until they are reset', async () => {
  await using site = await serve(fixture)
  await using reader = await read(site)
  const { page } = reader
  await page.goto(PAGE)
  await page.getByLabel('Mode', { exact: true }).selectOption('loud')
  await page.getByLabel('Port', { exact: true }).fill('9090')
  await page.locator('.values-state[data-state=own]').waitFor()
  await page.reload()
  await page.locator('.values-state[data-state=own]').waitFor()
  expect(await page.locator(codeOf('check', 'declared')).first().evaluate(code => code.textContent)).toContain('192.168.0.45:9090 loud')

  await page.getByRole('button', { name: 'Back to the proven values' }).click()
  await page.locator('.values-state[data-state=proven]').waitFor()
  expect(await page.getByLabel('Port', { exact: true }).inputValue()).toBe('8080')
  expect(await page.locator(codeOf('check', 'declared')).first().evaluate(code => code.textContent)).toContain('192.168.0.45:8080 plain')
  await page.reload()
  expect(await page.locator('.values-state').getAttribute('data-state')).toBe('proven')
  expect(reader.complaints).toEqual([])
})

test('a remembered value that is no longer valid is not filled in', async () => {
  await using site = await serve(fixture)
  await using reader = await read(site)
  const { page } = reader
  await page.goto(PAGE)
  await page.evaluate(() => { localStorage.setItem('proofbook:values:haproxy/second-address', JSON.stringify({ vip: '"; reboot', port: 7 })) })
  await page.reload()
  await page.locator('.refusal:not([hidden])').waitFor()
  expect(await page.locator(codeOf('step', 'declare')).first().evaluate(code => code.textContent)).toContain('address 192.168.0.45')
  expect(await page.locator('.values-state').getAttribute('data-state')).toBe('proven')
})

test('values travel in a link, to no server, and are kept only when the reader says so', async () => {
  await using site = await serve(fixture)
  await using sender = await read(site, { permissions: ['clipboard-read', 'clipboard-write'] })
  await sender.page.goto(PAGE)
  await sender.page.getByLabel('Second address', { exact: true }).fill('10.1.2.3')
  await sender.page.getByLabel('Port', { exact: true }).fill('9090')
  await sender.page.waitForFunction(() => location.hash === '#values?port=9090&vip=10.1.2.3')
  await sender.page.getByRole('button', { name: 'Copy a link with these values' }).click()
  await sender.page.getByText('Copied', { exact: true }).waitFor()
  const link = await sender.page.evaluate(() => navigator.clipboard.readText())
  expect(link).toBe(`${site.origin}${PAGE}#values?port=9090&vip=10.1.2.3`)

  await using receiver = await read(site)
  const { page } = receiver
  const asked: string[] = []
  page.on('request', request => { asked.push(request.url()) })
  await page.goto(link)
  await page.locator('.values-note[data-note=link]').waitFor({ state: 'visible' })
  expect(asked.filter(url => url.includes('10.1.2.3'))).toEqual([])
  expect(await page.locator(codeOf('check', 'declared')).first().evaluate(code => code.textContent)).toContain('10.1.2.3:9090 plain')
  const kept = () => page.evaluate(() => localStorage.getItem('proofbook:values:haproxy/second-address'))
  expect(await kept()).toBeNull()
  await page.getByRole('button', { name: 'Keep them in this browser' }).click()
  expect(JSON.parse((await kept())!)).toEqual({ vip: '10.1.2.3', port: '9090' })
  // A link to a step stays one: the values are there all the same.
  await page.goto(`${PAGE}#step-declare`)
  await page.locator('.values-state[data-state=own]').waitFor()
  expect(receiver.complaints).toEqual([])
})

test.each([
  '#values?vip=%22%3B%20rm%20-rf%20%2F&nic=%24(reboot)', '#values?vip=<img src=x onerror=alert(1)>', '#values?__proto__=1&constructor=2', '#%', '#values?%E0%A4%A',
])('a hostile fragment changes nothing: %s', async hash => {
  await using site = await serve(fixture)
  await using reader = await read(site)
  const { page } = reader
  await page.goto(PAGE)
  // not innerText: what is off the screen is not laid out, and has none
  const before = await page.locator('main .block').allTextContents()
  // The page again, with the fragment from the start.
  await page.goto('/safety/')
  await page.goto(`${PAGE}${hash}`, { waitUntil: 'networkidle' })
  expect(await page.locator('main .block').allTextContents()).toEqual(before)
  expect(await page.locator('.values-state').getAttribute('data-state')).toBe('proven')
  expect(reader.complaints).toEqual([])
})
