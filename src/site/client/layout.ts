/**
 * A long page has a hundred blocks. The style sheet lets those far below wait, so that what a reader came for is there at
 * once; they are laid out here, some at a time, while nothing else is to be done. A link into the page gets all of it first.
 */
const SOME = 5
const waiting = [...document.querySelectorAll('.block')]

function lay(count: number): void {
  for (const block of waiting.splice(0, count)) block.classList.add('laid')
}

function later(work: () => void): void {
  if (window.requestIdleCallback === undefined) setTimeout(work, 50)
  else requestIdleCallback(work)
}

function some(): void {
  lay(SOME)
  if (waiting.length > 0) later(() => requestAnimationFrame(some))
}

if (location.hash !== '') lay(waiting.length)
addEventListener('hashchange', () => { lay(waiting.length) })
later(some)

export {}
