/** Copies exactly the bytes of `data-code`. */
document.addEventListener('click', async event => {
  const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('button.copy-code') : null
  if (button === null) return
  const word = await copy(button.dataset.code ?? '') ? 'Copied' : 'Select it by hand'
  button.textContent = word
  setTimeout(() => { button.textContent = 'Copy' }, 2000)
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
