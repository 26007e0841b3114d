/** A diagram in the whole window, as wide as it was drawn or wider; Escape, or its button, puts it back. */
document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button[data-zoom]') : null
  const figure = button?.closest('.diagram')
  const picture = figure?.querySelector('.wide')
  if (!figure || !picture) return
  const dialog = document.createElement('dialog')
  const close = document.createElement('button')
  dialog.className = 'zoom diagram'
  dialog.ariaLabel = button!.getAttribute('aria-label')
  close.className = 'zoom-in'
  close.textContent = 'Close'
  close.addEventListener('click', () => { dialog.close() })
  dialog.addEventListener('close', () => {
    figure.prepend(picture)
    dialog.remove()
  })
  dialog.append(close, picture)
  document.body.append(dialog)
  dialog.showModal()
})

export {}
