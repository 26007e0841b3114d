/** A link to something that is folded away opens it; printing opens everything. */
function openAround(target: Element | null): void {
  for (let fold = target?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true
}

/** Values of a link, and a fragment that is no encoded text, name nothing on the page. */
function anchor(): string {
  try {
    return decodeURIComponent(location.hash.slice(1))
  } catch {
    return ''
  }
}

function openTarget(): void {
  const target = document.getElementById(anchor())
  openAround(target)
  target?.scrollIntoView()
}

if (location.hash !== '') openTarget()
addEventListener('hashchange', openTarget)

let opened: HTMLDetailsElement[] = []
addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')]
  for (const fold of opened) fold.open = true
})
addEventListener('afterprint', () => {
  for (const fold of opened) fold.open = false
})

export {}
