import { XmlElement, XmlText } from 'libxml2-wasm'

/** One step of indentation, as libvirt prints it. */
const STEP = '  '

/** White space before an element, from the end of the line before; nothing in a document on one line. */
function leadIn(element: XmlElement): string {
  const before = element.prev
  const text = before instanceof XmlText ? before.content : ''
  const line = text.lastIndexOf('\n')
  return line === -1 ? '' : text.slice(line)
}

/** Adds an element after another, on a line of its own where the document has lines. */
export function addAfter(element: XmlElement, name: string): XmlElement {
  const space = leadIn(element)
  const added = element.appendElement(name)
  if (space !== '') added.prependText(space)
  return added
}

/** Adds a child at the end, one step further in than its parent. */
export function addChild(parent: XmlElement, name: string): XmlElement {
  const space = leadIn(parent)
  if (space === '') return parent.addElement(name)
  const last = parent.lastChild
  if (last instanceof XmlText && last.content.trim() === '') last.remove()
  parent.addText(space + STEP)
  const child = parent.addElement(name)
  parent.addText(space)
  return child
}

/** Takes an element out together with the line it stands on. */
export function takeOut(element: XmlElement): void {
  const before = element.prev
  if (before instanceof XmlText && before.content.trim() === '') before.remove()
  element.remove()
}

/** Replaces all content of an element by text. */
export function setText(element: XmlElement, text: string): void {
  for (let node = element.firstChild; node !== null; node = element.firstChild) node.remove()
  element.addText(text)
}
