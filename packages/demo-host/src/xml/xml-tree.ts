/** An XML element as plain data: cheap to keep by the thousand, and equal parts can be shared. */
export interface XmlTree {
  /** With its prefix, as written. */
  readonly name: string
  /** In order; namespace declarations are among them. */
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly children: readonly (XmlTree | string)[]
}

/** Builds an element. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...children: (XmlTree | string | undefined)[]
): XmlTree {
  return {
    name,
    attributes: Object.entries(attributes).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)] as const],
    ),
    children: children.filter((child) => child !== undefined),
  }
}

export function attribute(tree: XmlTree, name: string): string | undefined {
  return tree.attributes.find(([key]) => key === name)?.[1]
}

export function childElements(tree: XmlTree): XmlTree[] {
  return tree.children.filter((child) => typeof child !== 'string')
}

export function child(tree: XmlTree, name: string): XmlTree | undefined {
  return childElements(tree).find((each) => each.name === name)
}

/** All the text below an element, trimmed. */
export function textOf(tree: XmlTree): string {
  return tree.children
    .map((each) => (typeof each === 'string' ? each : textOf(each)))
    .join('')
    .trim()
}

/** The text of a child, or `undefined` when there is no such child. */
export function childText(tree: XmlTree, name: string): string | undefined {
  const found = child(tree, name)
  return found === undefined ? undefined : textOf(found)
}

/** A copy with an attribute set, in its place when it was there. */
export function withAttribute(tree: XmlTree, name: string, value: string): XmlTree {
  const known = tree.attributes.some(([key]) => key === name)
  const attributes = known
    ? tree.attributes.map((each) => (each[0] === name ? ([name, value] as const) : each))
    : [...tree.attributes, [name, value] as const]
  return { ...tree, attributes }
}
