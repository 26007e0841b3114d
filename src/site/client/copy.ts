/** Copies exactly the text of the code that a button stands with, or what its `data-code` says. */
document.addEventListener('click', async event => {
  const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('button.copy-code, button[data-code]') : null
  if (button === null) return
  button.dataset.label ??= button.textContent
  button.textContent = await copy(button.dataset.code ?? button.closest('[data-code-block]')?.querySelector('code')?.textContent ?? '') ? 'Copied' : 'Select it by hand'
  setTimeout(() => { button.textContent = button.dataset.label! }, 2000)
})

/** The clipboard API needs a secure context; a plain http page on a LAN has none. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    area.style.position = 'fixed'
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
}

export {}
