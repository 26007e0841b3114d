/**
 * Ticks of a reader who follows the page: a box at each step, a mark at its link in the rail, kept in this browser
 * and nowhere else. Without a script there is no box, and the page is whole.
 */
const boxes = [...document.querySelectorAll<HTMLInputElement>('input[data-tick]')]
const key = `proofbook:done:${boxes[0]?.dataset.runbook}`

function kept(): Set<string> {
  try {
    const names: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return new Set(Array.isArray(names) ? names.filter(name => typeof name === 'string') : [])
  } catch {
    return new Set()
  }
}

/** One line below each list of the page, wide and on a phone: how far, and a way to begin again. */
const lines = [...document.querySelectorAll('starlight-toc nav, mobile-starlight-toc .dropdown')].map(rail => {
  const line = document.createElement('p')
  const count = document.createElement('span')
  const clear = document.createElement('button')
  line.className = 'rail-progress'
  clear.type = 'button'
  clear.textContent = 'Clear ticks'
  clear.addEventListener('click', () => {
    localStorage.removeItem(key)
    show()
  })
  line.append(count, ' ', clear)
  rail.append(line)
  return { line, count }
})

function show(): void {
  const done = kept()
  for (const box of boxes) {
    box.checked = done.has(box.dataset.tick!)
    const anchor = box.closest('.block')!.querySelector('.block-name')!.id
    for (const link of document.querySelectorAll(`:is(starlight-toc, mobile-starlight-toc) a[href="#${CSS.escape(anchor)}"]`)) {
      link.classList.toggle('done', box.checked)
      const note = link.querySelector('.sr-only')
      if (box.checked && note === null) link.insertAdjacentHTML('beforeend', '<span class="sr-only"> (done)</span>')
      else if (!box.checked) note?.remove()
    }
  }
  const ticked = boxes.filter(({ checked }) => checked).length
  for (const { line, count } of lines) {
    line.hidden = ticked === 0
    count.textContent = `${ticked} of ${boxes.length} steps done`
  }
}

for (const box of boxes) {
  box.closest<HTMLElement>('.tick')!.hidden = false
  box.addEventListener('change', () => {
    const done = kept()
    if (box.checked) done.add(box.dataset.tick!)
    else done.delete(box.dataset.tick!)
    localStorage.setItem(key, JSON.stringify([...done]))
    show()
  })
}
show()
// The same page in another window.
addEventListener('storage', event => { if (event.key === key) show() })

export {}
