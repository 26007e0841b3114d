/** Runs in the page: visible texts whose contrast with what is behind them is under 4.5 (3 for large type). */
export function lowContrast(): string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!
  const known = new Map<string, number[]>()
  const rgba = (colour: string): number[] => {
    if (known.has(colour)) return known.get(colour)!
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    known.set(colour, [...canvas.getImageData(0, 0, 1, 1).data])
    return known.get(colour)!
  }
  const behind = (element: Element): number[] => {
    const layers: number[][] = []
    for (let at: Element | null = element; at; at = at.parentElement) {
      const layer = rgba(getComputedStyle(at).backgroundColor)
      layers.unshift(layer)
      if (layer[3] === 255) break
    }
    return layers.reduce((below, above) => below.map((value, index) => index === 3 ? 255 : value + (above[index]! - value) * above[3]! / 255), [255, 255, 255, 255])
  }
  const luminance = (colour: number[]): number => {
    const [red, green, blue] = colour.map(value => value / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
  }
  const walker = document.createTreeWalker(document.querySelector('main')!, NodeFilter.SHOW_TEXT)
  const bad = new Set<string>()
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement!
    const text = walker.currentNode.textContent!.trim()
    if (text === '' || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest('svg, option, script, style, .sr-only')) continue
    const style = getComputedStyle(element)
    const [bright, dark] = [luminance(rgba(style.color)), luminance(behind(element))].sort((one, other) => other - one)
    const large = Number.parseFloat(style.fontSize) >= 24 || (Number.parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700)
    if ((bright! + 0.05) / (dark! + 0.05) < (large ? 3 : 4.5)) bad.add(`${text.slice(0, 40)} (${style.color})`)
  }
  return [...bad]
}

/** Runs in the page: what a reader cannot get at, since it sticks out of the window or is cut off, outside of anything that scrolls. */
export function outOfReach(): string[] {
  const name = (element: Element): string => `${element.tagName.toLowerCase()}${element.className && typeof element.className === 'string' ? `.${element.className.split(' ')[0]}` : ''} “${element.textContent.trim().slice(0, 40)}”`
  const scrolls = (element: Element): boolean => {
    for (let at: Element | null = element; at && at !== document.documentElement; at = at.parentElement) if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true
    return false
  }
  const found: string[] = []
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} of ${innerWidth}`)
  for (const element of document.querySelectorAll('body *')) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('.sr-only, .sl-skip-link, dialog, template')) continue
    const ownText = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== '')
    if (ownText || element.matches('button, input, select, svg')) {
      const { left, right, width } = element.getBoundingClientRect()
      if (width > 1 && (left < -1 || right > innerWidth + 1) && !scrolls(element)) found.push(`sticks out (${Math.round(left)} to ${Math.round(right)} of ${innerWidth}): ${name(element)}`)
    }
    const { overflowX, overflowY } = getComputedStyle(element)
    const cut = (overflow: string, whole: number, shown: number): boolean => /hidden|clip/.test(overflow) && shown > 1 && whole > shown + 1
    if (element.textContent.trim() !== '' && (cut(overflowX, element.scrollWidth, element.clientWidth) || cut(overflowY, element.scrollHeight, element.clientHeight))) found.push(`cut off: ${name(element)}`)
  }
  return found
}
